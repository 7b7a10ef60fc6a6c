//! A real browser without a window, driven over its debugging pipe (Chrome DevTools protocol): messages are JSON, each
//! ended by a zero byte, read by the browser from its file 3 and written to its file 4.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// Names under which a machine has it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser with one tab.
pub(crate) struct Chromium {
    browser: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    last_id: u64,
    session: String,
    /// What the page asked for, said on its console, or did wrong.
    pub(crate) events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts the browser, where this machine has one; the test says so and passes over it where not.
    #[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
    pub(crate) fn start() -> Option<Self> {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let in_path = |name: &&&str| std::env::split_paths(&paths).any(|folder| folder.join(name).is_file());
        let Some(name) = NAMES.iter().find(in_path) else {
            eprintln!("skipped: there is no Chromium on this machine");
            return None;
        };
        let profile = tempfile::tempdir().expect("a temporary folder");
        let flags =
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"];
        let mut browser = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", name])
            .args(flags)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let (to, from) = (browser.stdin.take().expect("a pipe"), browser.stdout.take().expect("a pipe"));
        let from = BufReader::new(from);
        let mut tab =
            Self { browser, to, from, last_id: 0, session: String::new(), events: Vec::new(), _profile: profile };
        let target = tab.ask("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = tab.ask("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        tab.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.ask(&format!("{domain}.enable"), json!({}));
        }
        Some(tab)
    }

    fn message(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).expect("the browser answers");
        assert_eq!(bytes.pop(), Some(0), "the browser ended");
        serde_json::from_slice(&bytes).expect("a message is JSON")
    }

    /// Sends a command and waits for its result.
    pub(crate) fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let mut answer = self.message();
            if answer["id"] == json!(self.last_id) {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    /// Opens a file and waits until it is drawn.
    pub(crate) fn open(&mut self, file: &Path) {
        self.events.clear();
        self.ask("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.message();
            self.events.push(event);
        }
    }

    /// The value of an expression in the page, promises waited for.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true });
        let mut answer = self.ask("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Presses a key in what has the focus.
    pub(crate) fn press(&mut self, key: &str, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let code = if key == "Enter" { 13 } else { 9 };
            let parameters =
                json!({ "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", parameters);
        }
    }

    /// What the page did of a kind, such as `Network.requestWillBeSent`.
    pub(crate) fn of(&self, method: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["method"] == method).map(|event| &event["params"]).collect()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.browser.kill().ok();
        self.browser.wait().ok();
    }
}
