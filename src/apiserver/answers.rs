//! Answers of webhooks that are good for a while, so that nobody is asked the same again and again.
//! Source: `k8s.io/apimachinery/pkg/util/cache`, whose bound this is.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The most answers that are kept.
const MOST: usize = 8192;

/// Answers by question.
#[derive(Debug)]
pub(crate) struct Answers<A>(Mutex<Kept<A>>);

#[derive(Debug)]
struct Kept<A> {
    answers: HashMap<String, (Instant, A)>,
    /// Questions, the oldest first.
    order: VecDeque<String>,
}

impl<A> Default for Answers<A> {
    fn default() -> Self {
        Self(Mutex::new(Kept { answers: HashMap::new(), order: VecDeque::new() }))
    }
}

impl<A: Clone> Answers<A> {
    /// An answer that is still good.
    pub(crate) fn get(&self, question: &str) -> Option<A> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, answer) = kept.answers.get(question)?;
        (*until > lifecycle::clock::instant()).then(|| answer.clone())
    }

    /// Keeps an answer for a time; the oldest one goes where there are too many.
    pub(crate) fn keep(&self, question: String, answer: A, time: Duration) {
        if time.is_zero() {
            return;
        }
        let until = lifecycle::clock::instant() + time;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.answers.insert(question.clone(), (until, answer)).is_none() {
            kept.order.push_back(question);
        }
        if kept.order.len() > MOST
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.answers.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn answers_are_good_for_a_while_and_not_too_many() {
        let answers = Answers::default();
        answers.keep("a".into(), 1, Duration::from_secs(5));
        answers.keep("b".into(), 2, Duration::ZERO);
        assert_eq!((answers.get("a"), answers.get("b")), (Some(1), None));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(answers.get("a"), None);
        for number in 0..=MOST {
            answers.keep(number.to_string(), 3, Duration::from_secs(5));
        }
        assert_eq!(answers.0.lock().unwrap().answers.len(), MOST);
        assert_eq!(answers.get(&MOST.to_string()), Some(3));
    }
}
