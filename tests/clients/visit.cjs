// One public client's whole visit to a terminal: node visit.cjs ASK.json, where ASK is {client, modules, host, port,
// transport, parts, tells, timeout, answer}. Writes to the file `answer` what the client gave, part by part, or
// {error}. Times are local, as YYYY-MM-DD HH:MM:SS; null is what a client does not give.
"use strict";
const fs = require("fs");
const path = require("path");

const ask = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const load = (name) => require(path.join(ask.modules, name));

const two = (number) => String(number).padStart(2, "0");
const stamp = (given) => {
  const at = new Date(given);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
};
const text = (given) => String(given).split("\0")[0];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const whole = (given) => {
  if (given.err) throw given.err;
  return given.data;
};

// node-zklib and those written after it: one class that tries TCP, then UDP, and decodes into objects.
function family(Client, row) {
  const zk = new Client(ask.host, ask.port, ask.timeout);
  return {
    connect: async () => {
      if (zk.zudp && ask.transport === "udp") {
        // zkteco-js asks its own error for a code it does not keep, and so never comes to UDP by itself.
        await zk.zudp.createSocket();
        await zk.zudp.connect();
        zk.connectionType = "udp";
      } else {
        await zk.createSocket();
      }
      if (zk.connectionType !== ask.transport) throw new Error(`connected by ${zk.connectionType}`);
    },
    about: async () => ({
      counts: await zk.getInfo(),
      time: ask.tells.includes("time") ? stamp(await zk.getTime()) : null,
      serial: ask.tells.includes("serial") ? text(await zk.getSerialNumber()) : null,
      version: ask.tells.includes("version") ? text(await zk.getFirmware()) : null,
    }),
    users: async () => whole(await zk.getUsers()).map((u) => [u.uid, String(u.userId), u.name]),
    log: async () => whole(await zk.getAttendances(() => {})).map(row),
    event: () =>
      new Promise((done) => zk.getRealTimeLogs((e) => done([String(e.userId), stamp(e.attTime)]))),
    disconnect: () => zk.disconnect(),
  };
}

// zkteco: a list of terminals, each asked by its address; TCP alone.
function zkteco() {
  const zk = new (load("zkteco"))([{ deviceIp: ask.host, devicePort: ask.port }]);
  return {
    connect: () => zk.connectAll(),
    about: async () => ({
      counts: await zk.getInfo(ask.host),
      time: stamp(await zk.getTime(ask.host)),
      serial: text(await zk.zklibTcp.getSerialNumber()),
      version: null,
    }),
    users: async () => (await zk.getUsers(ask.host)).map((u) => [u.uid, String(u.userId), u.name]),
    // The outer getAttendances clears the terminal after more than 20 records.
    log: async () =>
      (await zk.zklibTcp.getAttendances(ask.host)).map((r) => [
        r.deviceUserId, stamp(r.recordTime), r.verify_state, r.verifyType,
      ]),
    disconnect: () => zk.disconnect(ask.host),
  };
}

// zklib: callbacks; commands 9 and 13 without a buffer.
function zklib() {
  const zk = new (load("zklib"))({
    ip: ask.host, port: ask.port, inport: "0", timeout: ask.timeout,
    attendanceParser: "v6.60", connectionType: ask.transport,
  });
  const call = (name, ...given) =>
    new Promise((done, fail) => {
      zk[name](...given, (error, found) => (error ? fail(error) : done(found)));
    });
  // It takes whatever comes next as its answer: the ACK_OK that ends a transfer must have passed.
  const settled = async (name) => {
    const found = await call(name);
    await pause(100);
    return found;
  };
  return {
    connect: () => call("connect"),
    about: async () => ({
      counts: null,
      time: stamp(await call("getTime")),
      serial: ask.tells.includes("serial") ? text(await call("serialNumber")) : null,
      version: null,
    }),
    users: async () => (await settled("getUser")).map((u) => [u.uid, u.userid, u.name]),
    log: async () =>
      (await settled("getAttendance")).map((r) => [
        Number.isNaN(r.uid) ? null : String(r.uid), stamp(r.timestamp), r.inOutStatus, r.verificationType,
      ]),
    event: () =>
      new Promise((done, fail) => {
        const onatt = (error, e) => (error ? fail(error) : done([String(e.userid), stamp(e.timestamp)]));
        zk.startMon({ start: () => {}, onatt });
      }),
    disconnect: () => call("disconnect"),
  };
}

const plain = (r) => [String(r.deviceUserId), stamp(r.recordTime), null, null];
const CLIENTS = {
  "node-zklib": () => family(load("node-zklib"), plain),
  "zklib-js": () => family(load("zklib-js"), plain),
  "zkteco-js": () =>
    family(load("zkteco-js"), (r) => [String(r.user_id), stamp(r.record_time), r.state ?? null, r.type ?? null]),
  zkteco,
  zklib,
};

async function visit() {
  const client = CLIENTS[ask.client]();
  await client.connect();
  const found = {};
  for (const part of ask.parts) found[part] = await client[part]();
  await client.disconnect();
  return found;
}

function finish(found) {
  fs.writeFileSync(ask.answer, JSON.stringify(found));
  process.exit(0);
}

const failed = (error) => {
  let deepest = error;
  while (deepest && deepest.err) deepest = deepest.err;
  finish({ error: String((deepest && deepest.stack) || deepest) });
};
process.on("uncaughtException", failed);
process.on("unhandledRejection", failed);
visit().then(finish, failed);
