//! What a client can do, and how it asks a person.

use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, ClientResult, ElicitRequest, ElicitRequestParams,
    ProgressNotificationParam, ProtocolVersion, ServerRequest,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext};
use serde_json::Value;

use crate::approval::Human;
use crate::turn::Progress;

/// What our one question is called, from 2026-07-28 on.
pub(super) const ASKED: &str = "approval";
/// A form that nobody answers for so long is no yes.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// What came with a request.
pub(super) type Context = RequestContext<RoleServer>;

/// Whether the client declares that it can show a form to a person.
pub(super) fn can_ask(context: &Context) -> bool {
    let capabilities = context.client_capabilities();
    let elicitation = capabilities.and_then(|capabilities| capabilities.elicitation);
    elicitation.is_some_and(|how| how.form.is_some() || how.url.is_none())
}

/// How the client asks a person in this call.
pub(super) fn human(context: &Context, request: &CallToolRequestParams) -> Human {
    if !can_ask(context) {
        return Human::Nobody;
    }
    let version = context.protocol_version();
    if version.is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str()) {
        let state = request.request_state.clone();
        let answers = request.input_responses.as_ref();
        let answered = answers.and_then(|answers| answers.get(ASKED).cloned());
        return Human::Returns(state.map(|state| (state, answered)));
    }
    let peer = context.peer.clone();
    Human::Elicits(Box::new(move |form| Box::pin(elicit(peer.clone(), form))))
}

/// Shows a form; nothing where no answer came.
async fn elicit(peer: Peer<RoleServer>, form: Value) -> Option<Value> {
    let params: ElicitRequestParams = serde_json::from_value(form).ok()?;
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(params));
    let mut options = PeerRequestOptions::no_options();
    options.timeout = Some(LONGEST);
    let sent = peer.send_cancellable_request(request, options).await.ok()?;
    match sent.await_response().await.ok()? {
        ClientResult::ElicitResult(result) => serde_json::to_value(result).ok(),
        _ => None,
    }
}

/// Tells the client how far its call is.
pub(super) async fn notify(context: &Context, (done, total): Progress) {
    let Some(token) = context.meta.get_progress_token() else {
        return;
    };
    let mut params = ProgressNotificationParam::new(token, done as f64);
    params.total = total.map(|total| total as f64);
    // A client that does not read it does not need it.
    let _ = context.peer.notify_progress(params).await;
}
