//! Certificates: requests of kubelets are approved, approved requests are signed, and old requests go.
//! Source: kube-controller-manager's csrapproving, csrsigning and csrcleaner.

mod reconcile;
mod request;

use std::{fmt, sync::Arc, time::Duration};

use client::{
    Api, Client, DeleteOptions, EventKind, ObjectKey, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use jiff::Timestamp;
use k8s_openapi::{
    ByteString,
    api::{
        authorization::v1::{ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec},
        certificates::v1::{CertificateSigningRequest, CertificateSigningRequestCondition},
    },
    apimachinery::pkg::apis::meta::v1::Time,
};
use serde_json::Value;

use self::reconcile::{Recognized, Step, reconcile};
use crate::driver::{Controller, Next, Shop, SyncError, queue_each};

/// What a certificate is to be like.
#[derive(Debug, Clone)]
pub struct Order {
    /// The request, PEM.
    pub request: String,
    /// What it may be used for, in the words of `KeyUsage`.
    pub usages: Vec<String>,
    /// From when on it is good.
    pub not_before: Timestamp,
    /// Until when it is good.
    pub not_after: Timestamp,
}

/// Who signs for the cluster.
pub trait Signer: Send + Sync + fmt::Debug {
    /// Signs a certificate; returns it as PEM. Errors: why it cannot be signed.
    fn sign(&self, order: &Order) -> Result<String, String>;
}

/// The shell.
#[derive(Debug)]
pub(crate) struct Certificates {
    client: Client,
    requests: SharedCache<CertificateSigningRequest>,
    signer: Arc<dyn Signer>,
    recorder: Recorder,
}

impl Certificates {
    /// A controller over the shop's caches that signs by `signer`.
    pub(crate) fn new(shop: &Shop, signer: Arc<dyn Signer>) -> Self {
        Self {
            client: shop.client.clone(),
            requests: shop.informers.cache(),
            signer,
            recorder: shop.recorder("certificate-controller"),
        }
    }

    fn api(&self) -> Api<CertificateSigningRequest> {
        Api::all(&self.client)
    }

    /// Approves a kubelet's request, if its user may make such requests.
    async fn approve(
        &self,
        request: &CertificateSigningRequest,
        recognized: &[Recognized],
    ) -> Result<(), SyncError> {
        for kind in recognized {
            if !self.may(request, kind.subresource()).await? {
                continue;
            }
            let mut approved = request.clone();
            let status = approved.status.get_or_insert_default();
            let condition = condition("Approved", "AutoApproved", kind.message());
            status.conditions.get_or_insert_default().push(condition);
            self.api().update_sub("approval", &approved, &WriteOptions::default()).await?;
            return Ok(());
        }
        // Somebody else may approve it.
        Ok(())
    }

    async fn may(
        &self,
        request: &CertificateSigningRequest,
        subresource: &str,
    ) -> Result<bool, SyncError> {
        let spec = &request.spec;
        let review = SubjectAccessReview {
            spec: SubjectAccessReviewSpec {
                user: spec.username.clone(),
                uid: spec.uid.clone(),
                groups: spec.groups.clone(),
                extra: spec.extra.clone(),
                resource_attributes: Some(ResourceAttributes {
                    group: Some("certificates.k8s.io".into()),
                    resource: Some("certificatesigningrequests".into()),
                    subresource: Some(subresource.into()),
                    verb: Some("create".into()),
                    version: Some("*".into()),
                    ..ResourceAttributes::default()
                }),
                ..SubjectAccessReviewSpec::default()
            },
            ..SubjectAccessReview::default()
        };
        let api = Api::<SubjectAccessReview>::all(&self.client);
        let answer = api.create(&review, &WriteOptions::default()).await?;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }

    async fn sign(
        &self,
        request: &CertificateSigningRequest,
        order: &Order,
    ) -> Result<(), SyncError> {
        let mut signed = request.clone();
        let status = signed.status.get_or_insert_default();
        match self.signer.sign(order) {
            Ok(certificate) => status.certificate = Some(ByteString(certificate.into_bytes())),
            Err(why) => {
                let words = format!("error signing certificate: {why}");
                let about = reference(request);
                self.recorder.event(&about, EventKind::Warning, "SigningFailed", words.clone());
                return Err(words.into());
            }
        }
        self.api().update_status(&signed, &WriteOptions::default()).await?;
        Ok(())
    }

    async fn fail(&self, request: &CertificateSigningRequest, why: &str) -> Result<(), SyncError> {
        let mut failed = request.clone();
        let status = failed.status.get_or_insert_default();
        let condition = condition("Failed", "SignerValidationFailure", why);
        status.conditions.get_or_insert_default().push(condition);
        self.api().update_status(&failed, &WriteOptions::default()).await?;
        Ok(())
    }

    async fn delete(&self, request: &CertificateSigningRequest) -> Result<(), SyncError> {
        let uid = request.metadata.uid.as_deref().unwrap_or_default();
        let name = request.metadata.name.as_deref().unwrap_or_default();
        let gone: Result<Value, _> = self.api().delete(name, &DeleteOptions::of_uid(uid)).await;
        match gone {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn condition(kind: &str, reason: &str, message: &str) -> CertificateSigningRequestCondition {
    let now = Some(Time(lifecycle::clock::now()));
    CertificateSigningRequestCondition {
        type_: kind.into(),
        status: "True".into(),
        reason: Some(reason.into()),
        message: Some(message.into()),
        last_update_time: now.clone(),
        last_transition_time: now,
    }
}

impl Controller for Certificates {
    fn name(&self) -> &'static str {
        "certificate-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.requests, queue);
    }

    async fn ready(&self) {
        self.requests.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(request) = self.requests.find(key) else { return Ok(Next::Settled) };
        let now = lifecycle::clock::now();
        let (step, goes) = reconcile(&request, now);
        match step {
            Step::Nothing => {}
            Step::Delete => self.delete(&request).await?,
            Step::Ask(recognized) => self.approve(&request, &recognized).await?,
            Step::Sign(order) => self.sign(&request, &order).await?,
            Step::Fail(why) => self.fail(&request, &why).await?,
        }
        let left = goes.map(|goes| goes.duration_since(now).unsigned_abs());
        Ok(left.map_or(Next::Settled, |left| Next::After(left + Duration::from_secs(1))))
    }
}
