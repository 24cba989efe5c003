//! A page of the tests, over the twins of the engine's ports.

use super::*;
use tidemark_testkit::{ScriptedServer, TestPlatform, test_engine};

pub struct World {
    _owner: Owner,
    pub app: App,
    pub host: TestHost,
    pub server: ScriptedServer,
    pub store: ShakyStore,
    pub service: Rc<SyncService<TestPlatform, TestHost>>,
}

pub fn world() -> World {
    over(ShakyStore::default())
}

/// The page over this store, as after a start.
pub fn over(store: ShakyStore) -> World {
    open(store, TestHost::default(), 1)
}

/// A page of a device: the first one, another tab, or the app after a restart.
pub fn open(store: ShakyStore, host: TestHost, seed: u64) -> World {
    let world = begin(store, host, seed);
    world.service.lend_hands(SyncService::work);
    world
}

/// A page that can read and nothing else yet.
pub fn begin(store: ShakyStore, host: TestHost, seed: u64) -> World {
    // The first test of a thread sets it; a second one finds it set, which is as good.
    let _ = Executor::init_local_custom_executor(AtOnce);
    let owner = Owner::new();
    owner.set();
    let app = App::new(|_| 120, || NOW, "en", false);
    let server = ScriptedServer::default();
    let clock = VirtualClock::at(NOW);
    let engine = test_engine(store.clone(), server.clone(), clock, seed);
    let current = host.directory.borrow().current.clone();
    host.stands_on.replace(current);
    let service = SyncService::start(engine, host.clone(), app);
    World {
        _owner: owner,
        app,
        host,
        server,
        store,
        service,
    }
}

impl World {
    /// As after a first sync: the store has an owner, and the one person is the server's.
    pub fn become_known_to_the_server(&self) {
        let user = User {
            number: 1,
            version: 1,
            ..User::new(samples::person(), NOW)
        };
        let pulled = |rows| Delta {
            rows,
            from: None,
            next: Cursor("1".to_owned()),
            head: 1,
            epoch: Epoch("first life".to_owned()),
            has_more: false,
        };
        let adopt = StateChange::Adopt(AccountId(samples::entity(1).0));
        run(self.store.update(&adopt)).expect("the twin store answers");
        for rows in [
            DeltaRows::Users(vec![user], None),
            DeltaRows::Metrics(Vec::new()),
        ] {
            run(self.store.apply(&pulled(rows))).expect("the twin store answers");
        }
        self.app.send(Intent::Reread);
    }

    /// Logs a weight as the sheet does, and answers what the sheet was told.
    pub fn log(&self, grams: u32, minutes_ago: i64) -> Option<Result<(), Fault>> {
        let told = Rc::new(Cell::new(None));
        let reply = Rc::clone(&told);
        self.app.send(Intent::Log(
            form(grams, minutes_ago),
            Box::new(move |outcome| reply.set(Some(outcome))),
        ));
        told.get()
    }

    pub fn weights(&self) -> Vec<u32> {
        self.app.history.with_untracked(|history| {
            history
                .entries()
                .iter()
                .map(|entry| entry.metric.weight.get())
                .collect()
        })
    }
}

/// A filled form: a weight, and how many minutes ago it was measured.
pub fn form(grams: u32, minutes_ago: i64) -> LogForm {
    LogForm {
        weight: Grams::new(grams).expect("a weight in range"),
        created_at: NOW.plus_millis(-60_000 * minutes_ago),
        utc_offset: 120,
        note: None,
        height: None,
    }
}
