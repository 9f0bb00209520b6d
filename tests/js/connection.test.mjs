import assert from "node:assert/strict";
import { test } from "node:test";

import { createConnection, PROTOCOL } from "../../static/js/connection.js";
import { fakeTime } from "./fake-time.mjs";

const WELCOME = { is: "welcome", ref: 0, recovered: false, position: "at-7", now: 1, room: {} };

function entry(number) {
  return { is: "entry", id: `entry-${number}`, position: `at-${number}`, at: 1, event: "posting_stopped" };
}

function start(random = () => 1) {
  const time = fakeTime();
  const sockets = [];
  const heard = { frames: [], states: [], newer: 0 };
  const connection = createConnection({
    open() {
      const socket = {
        readyState: 0,
        sent: [],
        closed: false,
        send: (data) => socket.sent.push(JSON.parse(data)),
        close: () => (socket.closed = true),
      };
      sockets.push(socket);
      return socket;
    },
    hello: () => ({ secret: "s", token: "", seat: "seat" }),
    clock: time,
    random,
    onFrame: (frame) => heard.frames.push(frame),
    onNewer: () => (heard.newer += 1),
    onState: (state, closing) => heard.states.push([state, closing && closing.code]),
  });
  const last = () => sockets[sockets.length - 1];
  return {
    connection,
    time,
    sockets,
    heard,
    last,
    accept() {
      last().readyState = 1;
      last().onopen();
    },
    receive: (frame) => last().onmessage({ data: JSON.stringify(frame) }),
    lose: (code = 1006) => last().onclose({ code }),
    begin() {
      connection.start();
      this.accept();
      this.receive(WELCOME);
    },
  };
}

test("it says hello first, without a position", () => {
  const it = start();
  it.begin();
  assert.deepEqual(it.last().sent, [{ do: "hello", secret: "s", token: "", seat: "seat", protocol: PROTOCOL, attempt: 1 }]);
  assert.deepEqual(it.heard.states, [["connecting", null], ["online", null]]);
});

test("nothing is sent before the server answered", () => {
  const it = start();
  it.connection.start();
  it.accept();
  assert.equal(it.connection.send({ do: "post" }), false);
  it.receive(WELCOME);
  assert.equal(it.connection.send({ do: "post" }), true);
});

test("it comes back with the position of the last entry", () => {
  const it = start();
  it.begin();
  it.receive(entry(9));
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.deepEqual(it.last().sent[0].position, "at-9");
});

test("a heartbeat moves the position", () => {
  const it = start();
  it.begin();
  it.receive({ is: "heartbeat", position: "at-12", now: 1 });
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.deepEqual(it.last().sent[0].position, "at-12");
});

test("a recovered welcome gives the position that is resumed from, and the missed entries move it on", () => {
  const it = start();
  it.begin();
  it.lose();
  it.time.pass(500);
  it.accept();
  it.receive({ ...WELCOME, recovered: true, position: "at-7-again" });
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.equal(it.last().sent[0].position, "at-7-again");
  it.receive({ ...WELCOME, recovered: true, position: "at-7-once-more" });
  it.receive(entry(8));
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.equal(it.last().sent[0].position, "at-8");
});

test("what concerns oneself alone has no position", () => {
  const it = start();
  it.begin();
  it.receive({ is: "personal", id: "entry-8", at: 1, event: "my_mute", until: 0, reason: "" });
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.equal(it.last().sent[0].position, "at-7");
});

test("each hello counts the connections, so that one that arrives late is known", () => {
  const it = start();
  it.connection.start();
  it.time.pass(15500);
  it.accept();
  it.receive(WELCOME);
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.deepEqual([it.sockets[1], it.sockets[2]].map(({ sent }) => sent[0].attempt), [2, 3]);
});

test("at the door the position is forgotten", () => {
  const it = start();
  it.begin();
  it.receive({ is: "door" });
  it.lose();
  it.time.pass(500);
  it.accept();
  assert.equal("position" in it.last().sent[0], false);
});

test("the waits grow with full jitter up to 20 seconds", () => {
  const it = start(() => 1);
  it.connection.start();
  for (const wait of [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]) {
    const before = it.sockets.length;
    it.lose();
    it.time.pass(wait - 1);
    assert.equal(it.sockets.length, before);
    it.time.pass(1);
    assert.equal(it.sockets.length, before + 1);
  }
});

test("an answer makes the next wait short again", () => {
  const it = start(() => 1);
  it.connection.start();
  it.lose();
  it.time.pass(500);
  it.accept();
  it.receive(WELCOME);
  it.lose();
  it.time.pass(500);
  assert.equal(it.sockets.length, 3);
});

test("a closing frame says when to come back", () => {
  const it = start(() => 1);
  it.begin();
  it.receive({ is: "closing", code: 4001, name: "restarting", sentence: "Soon.", retry_after_seconds: 3, detail: "" });
  it.lose(4001);
  assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["waiting", 4001]);
  it.time.pass(2999);
  assert.equal(it.sockets.length, 1);
  it.time.pass(1);
  assert.equal(it.sockets.length, 2);
});

test("sent away again and again it comes back more and more rarely, and never too soon", () => {
  const it = start(() => 1);
  it.begin();
  for (const wait of [1000, 1000, 2000, 4000, 8000, 16000, 20000, 20000]) {
    const before = it.sockets.length;
    it.receive({ is: "closing", code: 4001, name: "restarting", sentence: "Soon.", retry_after_seconds: 1, detail: "" });
    it.lose(4001);
    it.time.pass(wait - 1);
    assert.equal(it.sockets.length, before);
    it.time.pass(1);
    assert.equal(it.sockets.length, before + 1);
  }
});

test("a server of a newer version is said once, and what is not known of it passes", () => {
  const it = start();
  it.connection.start();
  it.accept();
  it.receive({ ...WELCOME, protocol: PROTOCOL });
  assert.equal(it.heard.newer, 0);
  it.receive({ ...WELCOME, protocol: PROTOCOL + 1, glow: "warm" });
  it.receive({ is: "glow", warm: true });
  it.receive({ ...entry(8), event: "hugged" });
  it.receive({ ...WELCOME, protocol: PROTOCOL + 1 });
  assert.equal(it.heard.newer, 1);
  assert.equal(it.heard.frames.length, 5);
});

test("hello refused for a while is tried again then", () => {
  const it = start(() => 1);
  it.connection.start();
  it.accept();
  it.receive({ is: "refused", ref: 0, code: "slow_down", sentence: "Wait.", retry_after_seconds: 7, detail: "" });
  assert.equal(it.sockets[0].closed, true);
  it.time.pass(7000);
  assert.equal(it.sockets.length, 2);
});

test("who was too slow to say hello in time tries again", () => {
  const it = start(() => 1);
  it.connection.start();
  it.receive({ is: "closing", code: 4005, name: "no_hello", sentence: "Slow.", retry_after_seconds: 0, detail: "" });
  it.lose(4005);
  assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["waiting", 4005]);
  it.time.pass(500);
  it.accept();
  it.receive(WELCOME);
  assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["online", null]);
});

for (const code of [4500, 4503, 4505]) {
  test(`after ${code} it stays away`, () => {
    const it = start();
    it.begin();
    it.lose(code);
    it.time.pass(100000);
    it.connection.check();
    assert.equal(it.sockets.length, 1);
    assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["closed", code]);
  });
}

test("45 seconds of silence are a dead connection", () => {
  const it = start();
  it.begin();
  it.time.pass(30000);
  it.receive({ is: "heartbeat", position: "at-7", now: 1 });
  it.time.pass(44999);
  assert.equal(it.sockets[0].closed, false);
  it.time.pass(1);
  assert.equal(it.sockets[0].closed, true);
});

test("a socket that does not open is given up after 15 seconds", () => {
  const it = start();
  it.connection.start();
  it.time.pass(15000);
  assert.equal(it.sockets[0].closed, true);
  it.time.pass(500);
  assert.equal(it.sockets.length, 2);
});

test("a socket that opens and stays silent is given up too", () => {
  const it = start();
  it.connection.start();
  it.accept();
  it.time.pass(15500);
  assert.equal(it.sockets.length, 2);
});

test("a check after a short silence leaves the connection alone", () => {
  const it = start();
  it.begin();
  it.time.pass(29000);
  it.connection.check();
  assert.equal(it.sockets.length, 1);
});

test("a check after a long silence connects anew at once", () => {
  const it = start();
  it.begin();
  it.time.pass(31000);
  it.connection.check();
  assert.equal(it.sockets.length, 2);
  assert.equal(it.sockets[0].closed, true);
});

test("a check tries anew when the try under way has led nowhere for some seconds", () => {
  const it = start();
  it.connection.start();
  it.time.pass(4900);
  it.connection.check();
  assert.equal(it.sockets.length, 1);
  it.time.pass(200);
  it.connection.check();
  assert.equal(it.sockets.length, 2);
  assert.ok(it.sockets[0].closed);
  it.accept();
  it.receive(WELCOME);
  assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["online", null]);
});

test("a check before the start changes nothing", () => {
  const it = start();
  it.connection.check();
  assert.equal(it.sockets.length, 0);
});

test("a check while waiting does not wait any longer", () => {
  const it = start(() => 1);
  it.connection.start();
  it.lose();
  it.connection.check();
  assert.equal(it.sockets.length, 2);
  it.time.pass(500);
  assert.equal(it.sockets.length, 2);
});

test("after a check that comes too early the waits are short again", () => {
  const it = start(() => 1);
  it.connection.start();
  for (const ms of [500, 1000, 2000, 4000, 8000]) {
    it.lose();
    it.time.pass(ms);
  }
  it.lose();
  it.connection.check();
  it.lose();
  it.time.pass(500);
  assert.equal(it.sockets.length, 8);
});

test("when the network is said to be gone the connection is lost at once, and a check comes back with the position", () => {
  const it = start(() => 1);
  it.begin();
  it.receive(entry(9));
  it.connection.lose();
  assert.equal(it.sockets[0].closed, true);
  assert.equal(it.connection.send({ do: "post" }), false);
  assert.deepEqual(it.heard.states[it.heard.states.length - 1], ["waiting", null]);
  it.connection.check();
  assert.equal(it.sockets.length, 2);
  it.accept();
  assert.deepEqual(it.last().sent[0].position, "at-9");
  it.time.pass(14999);
  assert.equal(it.sockets.length, 2);
});

test("a network that is wrongly said to be gone costs one wait", () => {
  const it = start(() => 1);
  it.begin();
  it.connection.lose();
  it.time.pass(499);
  assert.equal(it.sockets.length, 1);
  it.time.pass(1);
  it.accept();
  it.receive({ ...WELCOME, recovered: true });
  assert.deepEqual(it.heard.states.slice(2), [["waiting", null], ["connecting", null], ["online", null]]);
  it.time.pass(20000);
  assert.equal(it.sockets.length, 2);
});

test("a network that is gone while connecting ends that try, and the next wait is longer", () => {
  const it = start(() => 1);
  it.connection.start();
  it.connection.lose();
  assert.equal(it.sockets[0].closed, true);
  it.time.pass(500);
  it.connection.lose();
  it.time.pass(999);
  assert.equal(it.sockets.length, 2);
  it.time.pass(1);
  assert.equal(it.sockets.length, 3);
});

test("who waits already, waits no longer and no shorter when the network is gone", () => {
  const it = start(() => 1);
  it.connection.start();
  it.lose();
  it.time.pass(200);
  it.connection.lose();
  assert.deepEqual(it.heard.states, [["connecting", null], ["waiting", null]]);
  it.time.pass(299);
  assert.equal(it.sockets.length, 1);
  it.time.pass(1);
  assert.equal(it.sockets.length, 2);
  it.lose();
  it.time.pass(999);
  assert.equal(it.sockets.length, 2);
  it.time.pass(1);
  assert.equal(it.sockets.length, 3);
});

for (const [name, leave] of [["closed", (it) => it.lose(4501)], ["stopped", (it) => it.connection.stop()]]) {
  test(`a connection that is ${name} stays so when the network is gone`, () => {
    const it = start();
    it.begin();
    leave(it);
    const before = { sockets: it.sockets.length, states: it.heard.states.slice() };
    it.connection.lose();
    it.time.pass(100000);
    it.connection.check();
    assert.deepEqual({ sockets: it.sockets.length, states: it.heard.states }, before);
  });
}

test("what an old socket says late is not heard", () => {
  const it = start();
  it.begin();
  it.time.pass(31000);
  it.connection.check();
  assert.equal(it.sockets[0].onmessage, null);
});

test("after stop nothing happens any more", () => {
  const it = start();
  it.begin();
  it.connection.stop();
  it.time.pass(100000);
  it.connection.check();
  assert.equal(it.sockets.length, 1);
  assert.equal(it.connection.send({ do: "post" }), false);
});
