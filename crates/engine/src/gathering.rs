//! Pulled pages that follow one another, gathered to be stored together: each month that they touch is then written
//! once, not once for each page. Not for long, so that little is lost where the network or the app goes away.

use crate::ports::{Delta, DeltaRows};
use tidemark_protocol::{Cursor, MetricsPage, Timestamp};

/// Rows that are gathered at most before they are stored: some megabytes.
const ROWS_MAX: usize = 10_000;
/// Milliseconds for which rows wait at most while further pages are on their way.
const WAIT_MS_MAX: i64 = 1_000;

/// Pages of the metrics' feed on their way into the store.
#[derive(Debug, Default)]
pub struct Gathering {
    gathered: Option<Gathered>,
}

#[derive(Debug)]
struct Gathered {
    /// When the first of the pages came.
    since: Timestamp,
    from: Option<Cursor>,
    /// The newest page, with the rows of all.
    page: MetricsPage,
}

impl Gathering {
    /// Adds the page that was pulled from `from` on. Answers what has to be stored before it: pages of another life of
    /// the server's database.
    pub fn add(
        &mut self,
        mut page: MetricsPage,
        from: Option<Cursor>,
        now: Timestamp,
    ) -> Option<Delta> {
        match self.gathered.take() {
            Some(mut before) if before.page.epoch == page.epoch => {
                before.page.metrics.append(&mut page.metrics);
                page.metrics = before.page.metrics;
                self.gathered = Some(Gathered { page, ..before });
                None
            }
            other => {
                let since = now;
                self.gathered = Some(Gathered { since, from, page });
                other.map(Gathered::into_delta)
            }
        }
    }

    /// What has to be stored now: all, if the feed has no more, if it is enough, or if it has waited long enough.
    pub fn due(&mut self, now: Timestamp) -> Option<Delta> {
        let gathered = self.gathered.take_if(|gathered| gathered.is_due(now));
        gathered.map(Gathered::into_delta)
    }

    /// All that is gathered, due or not.
    pub fn rest(&mut self) -> Option<Delta> {
        self.gathered.take().map(Gathered::into_delta)
    }
}

impl Gathered {
    fn is_due(&self, now: Timestamp) -> bool {
        let waited_ms = now.millis_since(self.since);
        // A clock that was set back does not say how long it was.
        !self.page.has_more
            || self.page.metrics.len() >= ROWS_MAX
            || !(0..WAIT_MS_MAX).contains(&waited_ms)
    }

    fn into_delta(self) -> Delta {
        Delta {
            rows: DeltaRows::Metrics(self.page.metrics),
            from: self.from,
            next: self.page.cursor,
            head: self.page.head,
            epoch: self.page.epoch,
            has_more: self.page.has_more,
        }
    }
}
