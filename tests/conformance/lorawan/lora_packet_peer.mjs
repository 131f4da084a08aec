// npm lora-packet, asked line by line: one JSON question in, one JSON answer out. The questions are
// listed in ./run.
import readline from "node:readline";
import loraPacket from "lora-packet";

const lora = loraPacket.default ?? loraPacket;
const bytes = (text) => Buffer.from(text ?? "", "hex");

// The upper half of the counter, low byte first.
function upper(counter) {
  const out = Buffer.alloc(2);
  out.writeUInt16LE(Math.floor(counter / 65536));
  return out;
}

function seal(q) {
  const up = q.mtype % 2 === 0;
  const packet = lora.fromFields(
    {
      MType: q.mtype,
      DevAddr: bytes(q.dev_addr),
      FCtrl: {
        ADR: (q.flags & 0x80) !== 0,
        ADRACKReq: (q.flags & 0x40) !== 0,
        ACK: (q.flags & 0x20) !== 0,
        FPending: !up && (q.flags & 0x10) !== 0,
      },
      FCnt: q.fcnt % 65536,
      FOpts: bytes(q.fopts),
      FPort: q.fport,
      payload: bytes(q.payload),
    },
    bytes(q.app), bytes(q.nwk), undefined, upper(q.fcnt));
  return { hex: packet.PHYPayload.toString("hex") };
}

function open(q) {
  const packet = lora.fromWire(bytes(q.phy));
  const mic_ok = lora.verifyMIC(packet, bytes(q.nwk), undefined, upper(q.fcnt));
  const port = packet.getFPort();
  const payload = packet.FRMPayload?.length
    ? lora.decrypt(packet, bytes(q.app), bytes(q.nwk), upper(q.fcnt)).toString("hex") : "";
  return { mic_ok, devaddr: packet.DevAddr.toString("hex"), fopts: packet.FOpts.toString("hex"),
    fport: port, payload };
}

function joinRequest(q) {
  const packet = lora.fromFields(
    { MType: 0, AppEUI: bytes(q.join_eui), DevEUI: bytes(q.dev_eui), DevNonce: bytes(q.dev_nonce) },
    undefined, undefined, bytes(q.key));
  return { hex: packet.PHYPayload.toString("hex") };
}

function sessionKeys(q) {
  const keys = lora.generateSessionKeys(
    bytes(q.key), bytes(q.net_id), bytes(q.app_nonce), bytes(q.dev_nonce));
  return { nwk_s_key: keys.NwkSKey.toString("hex"), app_s_key: keys.AppSKey.toString("hex") };
}

const OPERATIONS = { seal, open, join_request: joinRequest, session_keys: sessionKeys };

for await (const line of readline.createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let said;
  try {
    said = OPERATIONS[question.op](question);
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(said) + "\n");
}
