// ChirpStack's own LoRaWAN crate, asked line by line: one JSON question in, one JSON answer out.
// The questions are listed in ../run.
use std::io::{self, BufRead, Write};

use lrwn::{
    AES128Key, CFList, DLSettings, DevAddr, FCtrl, FRMPayload, FType, JoinAcceptPayload,
    JoinRequestPayload, JoinType, MACCommandSet, MACPayload, MACVersion, Major, NetID, Payload,
    PhyPayload, EUI64, FHDR, MHDR,
};
use serde_json::{json, Value};

type Answer = Result<Value, String>;

fn text(e: impl std::fmt::Display) -> String {
    e.to_string()
}

fn bytes(question: &Value, name: &str) -> Result<Vec<u8>, String> {
    hex::decode(question[name].as_str().unwrap_or("")).map_err(text)
}

fn array<const N: usize>(question: &Value, name: &str) -> Result<[u8; N], String> {
    bytes(question, name)?
        .try_into()
        .map_err(|_| format!("{name} must be {N} bytes"))
}

fn key(question: &Value, name: &str) -> Result<AES128Key, String> {
    AES128Key::from_slice(&bytes(question, name)?).map_err(text)
}

fn number(question: &Value, name: &str) -> u64 {
    question[name].as_u64().unwrap_or(0)
}

fn ftype(mtype: u64) -> FType {
    match mtype {
        2 => FType::UnconfirmedDataUp,
        3 => FType::UnconfirmedDataDown,
        4 => FType::ConfirmedDataUp,
        _ => FType::ConfirmedDataDown,
    }
}

fn hex_of(phy: &PhyPayload) -> Answer {
    Ok(json!({"hex": hex::encode(phy.to_vec().map_err(text)?)}))
}

fn seal(q: &Value) -> Answer {
    let flags = number(q, "flags") as u8;
    let mtype = number(q, "mtype");
    let up = mtype % 2 == 0;
    let port = q["fport"].as_u64().map(|port| port as u8);
    let mut phy = PhyPayload {
        mhdr: MHDR { f_type: ftype(mtype), major: Major::LoRaWANR1 },
        payload: Payload::MACPayload(MACPayload {
            fhdr: FHDR {
                devaddr: DevAddr::from_be_bytes(array(q, "dev_addr")?),
                f_ctrl: FCtrl {
                    adr: flags & 0x80 != 0,
                    adr_ack_req: flags & 0x40 != 0,
                    ack: flags & 0x20 != 0,
                    class_b: up && flags & 0x10 != 0,
                    f_pending: !up && flags & 0x10 != 0,
                    f_opts_len: 0,
                },
                f_cnt: number(q, "fcnt") as u32,
                f_opts: MACCommandSet::from_slice(&bytes(q, "fopts")?),
            },
            f_port: port,
            frm_payload: match port {
                Some(_) => Some(FRMPayload::Raw(bytes(q, "payload")?)),
                None => None,
            },
        }),
        mic: None,
    };
    let nwk = key(q, "nwk")?;
    let app = key(q, "app")?;
    phy.encrypt_frm_payload(if port == Some(0) { &nwk } else { &app }).map_err(text)?;
    if up {
        phy.set_uplink_data_mic(MACVersion::LoRaWAN1_0, 0, 0, 0, &nwk, &nwk).map_err(text)?;
    } else {
        phy.set_downlink_data_mic(MACVersion::LoRaWAN1_0, 0, &nwk).map_err(text)?;
    }
    hex_of(&phy)
}

fn open(q: &Value) -> Answer {
    let frame = bytes(q, "phy")?;
    let up = (frame.first().copied().unwrap_or(0) >> 5) % 2 == 0;
    let mut phy = PhyPayload::from_slice(&frame).map_err(text)?;
    let nwk = key(q, "nwk")?;
    let app = key(q, "app")?;
    let Payload::MACPayload(data) = &mut phy.payload else {
        return Err("no data frame".into());
    };
    // The frame tells the lower half.
    data.fhdr.f_cnt |= number(q, "fcnt") as u32 & 0xFFFF_0000;
    let port = data.f_port;
    let fopts = data.fhdr.f_opts.to_vec().map_err(text)?;
    let dev_addr = data.fhdr.devaddr.to_string();
    let good = if up {
        phy.validate_uplink_data_mic(MACVersion::LoRaWAN1_0, 0, 0, 0, &nwk, &nwk)
    } else {
        phy.validate_downlink_data_mic(MACVersion::LoRaWAN1_0, 0, &nwk)
    }
    .map_err(text)?;
    phy.decrypt_frm_payload(if port == Some(0) { &nwk } else { &app }).map_err(text)?;
    let Payload::MACPayload(data) = &phy.payload else {
        return Err("no data frame".into());
    };
    let payload = match &data.frm_payload {
        Some(payload) => payload.to_vec().map_err(text)?,
        None => vec![],
    };
    Ok(json!({"mic_ok": good, "devaddr": dev_addr, "fopts": hex::encode(fopts), "fport": port,
              "payload": hex::encode(payload)}))
}

fn join_request(q: &Value) -> Answer {
    let mut phy = PhyPayload {
        mhdr: MHDR { f_type: FType::JoinRequest, major: Major::LoRaWANR1 },
        payload: Payload::JoinRequest(JoinRequestPayload {
            join_eui: EUI64::from_be_bytes(array(q, "join_eui")?),
            dev_eui: EUI64::from_be_bytes(array(q, "dev_eui")?),
            dev_nonce: u16::from_be_bytes(array(q, "dev_nonce")?),
        }),
        mic: None,
    };
    phy.set_join_request_mic(&key(q, "key")?).map_err(text)?;
    hex_of(&phy)
}

fn join_accept(q: &Value) -> Answer {
    let nonce: [u8; 3] = array(q, "app_nonce")?;
    let channels = bytes(q, "cf_list")?;
    let app_key = key(q, "key")?;
    let mut phy = PhyPayload {
        mhdr: MHDR { f_type: FType::JoinAccept, major: Major::LoRaWANR1 },
        payload: Payload::JoinAccept(JoinAcceptPayload {
            join_nonce: u32::from_be_bytes([0, nonce[0], nonce[1], nonce[2]]),
            home_netid: NetID::from_be_bytes(array(q, "net_id")?),
            devaddr: DevAddr::from_be_bytes(array(q, "dev_addr")?),
            dl_settings: DLSettings::from_le_bytes(array(q, "dl_settings")?),
            rx_delay: number(q, "rx_delay") as u8,
            cflist: match channels.len() {
                0 => None,
                _ => Some(CFList::from_bytes(array(q, "cf_list")?).map_err(text)?),
            },
        }),
        mic: None,
    };
    let eui = EUI64::from_be_bytes([0; 8]);
    phy.set_join_accept_mic(JoinType::Join, &eui, 0, &app_key).map_err(text)?;
    phy.encrypt_join_accept_payload(&app_key).map_err(text)?;
    hex_of(&phy)
}

fn session_keys(q: &Value) -> Answer {
    let nonce: [u8; 3] = array(q, "app_nonce")?;
    let nonce = u32::from_be_bytes([0, nonce[0], nonce[1], nonce[2]]);
    let app_key = key(q, "key")?;
    let net_id = NetID::from_be_bytes(array(q, "net_id")?);
    let eui = EUI64::from_be_bytes([0; 8]);
    let dev_nonce = u16::from_be_bytes(array(q, "dev_nonce")?);
    let nwk = lrwn::keys::get_f_nwk_s_int_key(false, &app_key, &net_id, &eui, nonce, dev_nonce);
    let app = lrwn::keys::get_app_s_key(false, &app_key, &net_id, &eui, nonce, dev_nonce);
    Ok(json!({"nwk_s_key": nwk.map_err(text)?.to_string(), "app_s_key": app.map_err(text)?.to_string()}))
}

fn answer(q: &Value) -> Answer {
    match q["op"].as_str().unwrap_or("") {
        "seal" => seal(q),
        "open" => open(q),
        "join_request" => join_request(q),
        "join_accept" => join_accept(q),
        "session_keys" => session_keys(q),
        op => Err(format!("op {op} is not known")),
    }
}

fn main() {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line.expect("a line")).expect("a question");
        let said = answer(&question).unwrap_or_else(|error| json!({ "error": error }));
        writeln!(out, "{said}").expect("a reader");
        out.flush().expect("a reader");
    }
}
