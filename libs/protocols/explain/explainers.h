// The explainers, one file a protocol. Internal to this library.
#pragma once

#include "libs/protocols/coap/message.h"
#include "libs/protocols/explain/explain.h"
#include "libs/protocols/platforms/message.h"

namespace karez::protocols {

Json ExplainCjt188(const Question& question, Bytes bytes);
Json ExplainDlt645(const Question& question, Bytes bytes);
Json ExplainModbusRtu(const Question& question, Bytes bytes);
bool FitsModbusRtu(const Question& question, Bytes bytes);
Json ExplainModbusTcp(const Question& question, Bytes bytes);
bool FitsModbusTcp(const Question& question, Bytes bytes);
Json ExplainCoap(const Question& question, Bytes bytes);
bool FitsCoap(const Question& question, Bytes bytes);
Json ExplainLwm2mTlv(const Question& question, Bytes bytes);
bool FitsLwm2mTlv(const Question& question, Bytes bytes);
Json ExplainSenmlCbor(const Question& question, Bytes bytes);
bool FitsSenmlCbor(const Question& question, Bytes bytes);
Json ExplainSenmlJson(const Question& question, Bytes bytes);
bool FitsSenmlJson(const Question& question, Bytes bytes);
Json ExplainLwm2mJson(const Question& question, Bytes bytes);
bool FitsLwm2mJson(const Question& question, Bytes bytes);
Json ExplainCtwing(const Question& question, Bytes bytes);
bool FitsCtwing(const Question& question, Bytes bytes);
Json ExplainOnenet(const Question& question, Bytes bytes);
bool FitsOnenet(const Question& question, Bytes bytes);
Json ExplainHuawei(const Question& question, Bytes bytes);
bool FitsHuawei(const Question& question, Bytes bytes);
Json ExplainEnvelope(const Question& question, Bytes bytes);
Json ExplainLorawan(const Question& question, Bytes bytes);
bool FitsLorawan(const Question& question, Bytes bytes);
Json ExplainLorawanKeys(const Question& question, Bytes bytes);
Json ExplainGwmp(const Question& question, Bytes bytes);
Json ExplainChirpstack(const Question& question, Bytes bytes);
Json ExplainPayload(const Question& question, Bytes bytes);
bool FitsPayload(const Question& question, Bytes bytes);
Json ExplainMbus(const Question& question, Bytes bytes);
Json ExplainWmbus(const Question& question, Bytes bytes);
bool FitsWmbus(const Question& question, Bytes bytes);
Json ExplainSl651(const Question& question, Bytes bytes);
Json ExplainSzy206(const Question& question, Bytes bytes);

// Vendor bytes inside another message, when the question's profile describes such: "decoded".
void ExplainPayloadInside(const Question& question, uint8_t port, Bytes bytes, Json& out);

// A number under its name: "volume": "12.345 m3", "volume_m3": "12.345". People read volumes in
// cubic metres.
void ExplainMeasure(const std::string& name, payload::Measure measure, int64_t number, Json& out);
// What the inner model knows of valve, battery, alarms and rejections.
void ExplainState(const Observation& observation, Json& out);

// What a platform hands over by name, when the question's profile describes it: "decoded".
void ExplainProperties(const Question& question, std::span<const platforms::Property> properties,
                       Json& out);

// What LwM2M says in a CoAP message: a registration, or values by content format. Empty: nothing.
Json ExplainLwm2mPayload(const Question& question, const coap::Message& message);

// Meter frames inside another message, by the profile's own protocol.
Json ExplainMeterFrames(const MeterProfile& profile, Bytes bytes);

}  // namespace karez::protocols
