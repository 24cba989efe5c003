//! The support report: versions, states and counts. Never a value, a name, an address, nor a sentence of somebody else's
//! that could hold one.

use crate::outbox::OutboxEntry;
use crate::state::SyncLogLine;
use crate::view::Overview;
use crate::waiting::Scene;
use std::collections::BTreeMap;
use std::fmt::Write;
use tidemark_protocol::Timestamp;

/// Lines of the log in a report.
const LOG_LINES_MAX: usize = 50;

/// What a report is made from, besides the store.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The app's version.
    pub app_version: &'a str,
    /// What the browser calls itself.
    pub browser: &'a str,
    /// Whether the browser has promised to keep the data; none where it does not say.
    pub is_kept: Option<bool>,
    /// Bytes that are stored; none where it does not say.
    pub usage_bytes: Option<u64>,
    /// Conflicts that nobody has looked at.
    pub conflicts: usize,
}

/// The report, a line for each fact.
pub fn report(scene: Scene<'_>, around: Around<'_>, log: &[SyncLogLine]) -> String {
    let mut lines = vec![
        format!("Tidemark {}", around.app_version),
        format!("at {}", scene.now.to_rfc3339()),
        format!("browser: {}", around.browser),
        format!("online: {}", scene.is_online),
    ];
    lines.extend(state_lines(scene.overview));
    lines.extend(waiting_lines(scene));
    lines.push(format!("conflicts: {}", around.conflicts));
    lines.push(format!("storage kept: {}", said(around.is_kept)));
    lines.push(format!("storage bytes: {}", said(around.usage_bytes)));
    lines.push("log:".to_owned());
    lines.extend(log.iter().take(LOG_LINES_MAX).map(SyncLogLine::to_text));
    lines.join("\n")
}

fn state_lines(overview: &Overview) -> Vec<String> {
    let state = &overview.state;
    let at = |moment: Option<Timestamp>| said(moment.map(Timestamp::to_rfc3339));
    let failure = state.failure.as_ref();
    let failure = failure.map(|failure| {
        let code = Some(failure.error.code.as_str()).filter(|code| is_name(code));
        format!("{:?} {}", failure.kind, code.unwrap_or("-"))
    });
    let proof = state.proof.as_ref().map(|proof| {
        let (rows, healed, differing) = (proof.rows, proof.healed, proof.differing);
        format!("{rows} rows, {healed} healed, {differing} differ")
    });
    let proved_at = state.proof.as_ref().map(|proof| proof.at);
    vec![
        format!("server: {}", said(state.server_version.as_deref())),
        format!(
            "sign-in: {}",
            said(state.auth.map(|auth| format!("{auth:?}")))
        ),
        format!("account: {}", state.owner.is_some()),
        format!("last success: {}", at(state.last_success)),
        format!("failure: {} ({} in a row)", said(failure), state.failures),
        format!("retry at: {}", at(state.retry_at)),
        format!("not before: {}", at(state.not_before)),
        format!("head: {}, people {}", state.head, state.users_head),
        format!("cursor: {}", state.cursor.is_some()),
        format!("clock: {} ms", state.clock_offset_ms),
        format!("devices: {}", state.devices.len()),
        format!("compared: {} at {}", said(proof), at(proved_at)),
        format!("set aside: {}", state.set_aside),
        format!("question: {}", overview.question.is_some()),
        format!(
            "unsent: {}, not accepted: {}",
            overview.pending, overview.parked
        ),
    ]
}

fn waiting_lines(scene: Scene<'_>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in scene.outbox {
        *counts.entry(about(scene, entry)).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|(what, count)| format!("waiting: {count} × {what}"))
        .collect()
}

fn about(scene: Scene<'_>, entry: &OutboxEntry) -> String {
    let mut line = format!("{:?}, {}", entry.kind, scene.why(entry).as_str());
    if let Some(error) = &entry.last_error {
        // Code and field are names; the words beside them are the server's, who may repeat what was sent.
        let field = error.field.as_deref().filter(|field| is_name(field));
        let code = Some(error.code.as_str()).filter(|code| is_name(code));
        let _ = write!(line, ", {} {}", code.unwrap_or("-"), field.unwrap_or("-"));
    }
    line
}

fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn said<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}

impl SyncLogLine {
    /// The line as it is copied: times and counts, a tab between them.
    pub fn to_text(&self) -> String {
        format!(
            "{}\t{}\tsent {}\treceived {}\t{}\t{} ms",
            self.at.to_rfc3339(),
            self.trigger,
            self.sent,
            self.received,
            self.outcome,
            self.duration_ms
        )
    }
}
