//! From a question to an answer, as messages (RFC 1035).

use hickory_proto::{
    op::{Message, MessageType, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, CNAME, PTR, SOA, SRV},
    },
};

use crate::zone::{Found, Zone};

/// Seconds that answers may be kept. Source: the cluster's DNS specification proposes a few.
const TTL: u32 = 5;

/// What is to be done with a message.
#[derive(Debug)]
pub(crate) enum Reply {
    /// This is the answer.
    Ready(Box<Message>),
    /// Somebody else knows.
    Forward,
}

/// Answers a message; `None` for what is no question.
pub(crate) fn reply(zone: &Zone, message: &Message) -> Option<Reply> {
    if message.metadata.message_type != MessageType::Query {
        return None;
    }
    let question = message.queries.first()?;
    let name = question.name().clone();
    let text = name.to_ascii().to_lowercase();
    let found = zone.look_up(text.trim_end_matches('.'));
    let mut answer = Message::response(message.metadata.id, message.metadata.op_code);
    answer.metadata.recursion_desired = message.metadata.recursion_desired;
    answer.metadata.recursion_available = true;
    answer.metadata.authoritative = true;
    answer.add_query(question.clone());
    let wanted = question.query_type();
    match found {
        Found::NotOurs => return Some(Reply::Forward),
        Found::Nothing => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            answer.add_authority(authority(zone)?);
        }
        Found::Addresses(addresses) if matches!(wanted, RecordType::A | RecordType::ANY) => {
            for address in addresses {
                answer.add_answer(record(&name, RData::A(A(address))));
            }
        }
        Found::Alias(target) => {
            let target = Name::from_ascii(absolute(&target)).ok()?;
            answer.add_answer(record(&name, RData::CNAME(CNAME(target))));
        }
        Found::Ports(ports) if matches!(wanted, RecordType::SRV | RecordType::ANY) => {
            let weight = 100 / u16::try_from(ports.len()).unwrap_or(100).max(1);
            for (target, address, port) in ports {
                let target = Name::from_ascii(absolute(&target)).ok()?;
                let service = SRV::new(0, weight, port, target.clone());
                answer.add_answer(record(&name, RData::SRV(service)));
                answer.add_additional(record(&target, RData::A(A(address))));
            }
        }
        Found::Pointer(target) if matches!(wanted, RecordType::PTR | RecordType::ANY) => {
            let target = Name::from_ascii(absolute(&target)).ok()?;
            answer.add_answer(record(&name, RData::PTR(PTR(target))));
        }
        // The name exists and has nothing of that type.
        Found::Addresses(_) | Found::Ports(_) | Found::Pointer(_) => {}
    }
    if answer.answers.is_empty() && answer.authorities.is_empty() {
        answer.add_authority(authority(zone)?);
    }
    Some(Reply::Ready(Box::new(answer)))
}

/// The answer where nobody could be asked.
pub(crate) fn failure(message: &Message) -> Message {
    let mut answer =
        Message::error_msg(message.metadata.id, message.metadata.op_code, ResponseCode::ServFail);
    answer.add_queries(message.queries.iter().cloned());
    answer
}

fn absolute(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

fn record(name: &Name, data: RData) -> Record {
    Record::from_rdata(name.clone(), TTL, data)
}

fn authority(zone: &Zone) -> Option<Record> {
    let domain = Name::from_ascii(absolute(zone.domain())).ok()?;
    let server = Name::from_ascii(format!("ns.dns.{}.", zone.domain())).ok()?;
    let contact = Name::from_ascii(format!("hostmaster.{}.", zone.domain())).ok()?;
    let soa = SOA::new(server, contact, 1, 7200, 1800, 86_400, TTL);
    Some(record(&domain, RData::SOA(soa)))
}
