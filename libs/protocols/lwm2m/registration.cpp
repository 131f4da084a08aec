#include "libs/protocols/lwm2m/registration.h"

#include <algorithm>

#include "libs/protocols/coap/options.h"

namespace karez::protocols::lwm2m {
namespace {

using coap::Message;

std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool IsDigits(std::string_view text, size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void ReadEndpoint(std::string_view endpoint, Registration& out) {
  out.endpoint = endpoint;
  for (const std::string_view prefix : {"urn:imei:", "urn:imei-imsi:"}) {
    if (endpoint.starts_with(prefix)) endpoint.remove_prefix(prefix.size());
  }
  const size_t split = endpoint.find_first_of(";-");
  const std::string_view imei = endpoint.substr(0, split);
  if (!IsDigits(imei, 15)) return;
  out.imei = imei;
  if (split == std::string_view::npos) return;
  const std::string_view imsi = endpoint.substr(split + 1);
  if (IsDigits(imsi, 15)) out.imsi = imsi;
}

bool ReadQuery(std::string_view query, Registration& out) {
  const size_t equals = query.find('=');
  const std::string_view name = query.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : query.substr(equals + 1);
  if (name == "ep") ReadEndpoint(value, out);
  if (name == "lwm2m") out.version = value;
  if (name == "sms") out.sms_number = value;
  if (name == "Q") out.queue_mode = true;  // 1.1
  if (name == "b") {
    out.binding = value;
    if (value.find('Q') != std::string_view::npos) out.queue_mode = true;
  }
  if (name == "lt") {
    uint64_t seconds = 0;
    if (value.empty() || value.size() > 10) return false;
    for (const char c : value) {
      if (c < '0' || c > '9') return false;
      seconds = seconds * 10 + static_cast<uint64_t>(c - '0');
    }
    if (seconds > UINT32_MAX) return false;
    out.lifetime_s = static_cast<uint32_t>(seconds);
  }
  return true;
}

// Value of ;name=… in a link's attributes, without quotes.
std::string_view Attribute(std::string_view attributes, std::string_view name) {
  while (!attributes.empty()) {
    attributes.remove_prefix(1);  // the semicolon
    const size_t end = std::min(attributes.find(';'), attributes.size());
    std::string_view one = attributes.substr(0, end);
    attributes.remove_prefix(end);
    if (!one.starts_with(name) || one.size() <= name.size() || one[name.size()] != '=') continue;
    one.remove_prefix(name.size() + 1);
    if (one.size() >= 2 && one.front() == '"' && one.back() == '"') {
      one = one.substr(1, one.size() - 2);
    }
    return one;
  }
  return {};
}

// One link, <path>;attributes.
void ReadLink(std::string_view link, Registration& out) {
  const size_t open = link.find('<');
  const size_t close = link.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  std::string_view target = link.substr(open + 1, close - open - 1);
  const std::string_view attributes = link.substr(close + 1);
  if (Attribute(attributes, "rt") == "oma.lwm2m") {
    out.root = target;
    return;
  }
  if (out.root != "/" && target.starts_with(out.root)) target.remove_prefix(out.root.size());
  ObjectLinkEntry entry;
  if (!Path::Parse(target, entry.path) || entry.path.depth == 0 || entry.path.depth > 2) return;
  entry.version = Attribute(attributes, "ver");
  if (!out.objects.push_back(entry)) out.more_objects = true;
}

// Links are separated by commas outside of quotes.
void ReadLinks(std::string_view links, Registration& out) {
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= links.size(); ++i) {
    if (i < links.size() && links[i] == '"') quoted = !quoted;
    if (i < links.size() && (links[i] != ',' || quoted)) continue;
    ReadLink(links.substr(begin, i - begin), out);
    begin = i + 1;
  }
}

// /rd, /rd/<location>, /bs
bool ReadTarget(const Message& request, Registration& out) {
  coap::OptionReader reader(request.options);
  coap::Option option;
  int segment = 0;
  while (reader.Next(option)) {
    if (option.number != coap::option::kUriPath) continue;
    const std::string_view text = TextOf(option.value);
    if (segment == 0 && text == "bs") {
      out.operation = Registration::Operation::kBootstrap;
    } else if (segment == 0 && text != "rd") {
      return false;
    } else if (segment == 1) {
      out.location = text;
    } else if (segment > 1) {
      return false;
    }
    ++segment;
  }
  const bool bootstrap = out.operation == Registration::Operation::kBootstrap;
  return segment > 0 && !(bootstrap && segment > 1);
}

coap::MessageWriter Answer(const Message& request, coap::Code code, std::span<std::byte> out) {
  const bool confirmable = request.type == coap::Type::kConfirmable;
  return coap::MessageWriter(
      out, confirmable ? coap::Type::kAcknowledgement : coap::Type::kNonConfirmable, code,
      request.message_id, request.token);
}

coap::MessageWriter Start(const DeviceRequest& request, coap::Code code, std::span<std::byte> out) {
  return coap::MessageWriter(out, coap::Type::kConfirmable, code, request.message_id,
                             request.token);
}

void AddPath(const Path& path, coap::MessageWriter& writer) {
  for (uint8_t i = 0; i < path.depth; ++i) {
    Path one;
    one.depth = 1;
    one.ids[0] = path.ids[i];
    writer.AddText(coap::option::kUriPath, one.Text().view().substr(1));
  }
}

coap::Written WriteGet(const DeviceRequest& request, std::optional<uint32_t> observe,
                       uint16_t accept, std::span<std::byte> out) {
  coap::MessageWriter writer = Start(request, coap::codes::kGet, out);
  if (observe) writer.AddUint(coap::option::kObserve, *observe);
  AddPath(request.path, writer);
  return writer.AddUint(coap::option::kAccept, accept).Finish();
}

}  // namespace

Error ReadRegistration(const coap::Message& request, Registration& out) {
  using Operation = Registration::Operation;
  out = Registration{};
  const Error other{Fault::kControl, 0, 0, request.code};
  if (request.code != coap::codes::kPost && request.code != coap::codes::kDelete) return other;
  if (!ReadTarget(request, out)) return other;
  if (request.code == coap::codes::kDelete) {
    if (out.location.empty()) return other;
    out.operation = Operation::kDeregister;
    return {};
  }
  if (!out.location.empty()) out.operation = Operation::kUpdate;
  coap::OptionReader reader(request.options);
  coap::Option option;
  while (reader.Next(option)) {
    if (option.number == coap::option::kUriQuery && !ReadQuery(TextOf(option.value), out)) {
      return {Fault::kValue, 0, 0, option.number};
    }
  }
  if (out.operation != Operation::kUpdate && out.endpoint.empty()) {
    return {Fault::kValue, 0, 0, coap::option::kUriQuery};
  }
  ReadLinks(TextOf(request.payload), out);
  return {};
}

coap::Written WriteRegistered(const coap::Message& request, std::string_view location,
                              std::span<std::byte> out) {
  coap::MessageWriter writer = Answer(request, coap::codes::kCreated, out);
  writer.AddText(coap::option::kLocationPath, "rd");
  return writer.AddText(coap::option::kLocationPath, location).Finish();
}

coap::Written WriteAnswer(const coap::Message& request, coap::Code code, std::span<std::byte> out) {
  return Answer(request, code, out).Finish();
}

coap::Written WriteRead(const DeviceRequest& request, uint16_t accept, std::span<std::byte> out) {
  return WriteGet(request, std::nullopt, accept, out);
}

coap::Written WriteObserve(const DeviceRequest& request, uint16_t accept,
                           std::span<std::byte> out) {
  return WriteGet(request, 0, accept, out);
}

coap::Written WriteCancelObserve(const DeviceRequest& request, uint16_t accept,
                                 std::span<std::byte> out) {
  return WriteGet(request, 1, accept, out);
}

coap::Written WriteWrite(const DeviceRequest& request, uint16_t content_format, Bytes payload,
                         std::span<std::byte> out) {
  coap::MessageWriter writer = Start(request, coap::codes::kPut, out);
  AddPath(request.path, writer);
  writer.AddUint(coap::option::kContentFormat, content_format);
  return writer.Payload(payload).Finish();
}

coap::Written WriteExecute(const DeviceRequest& request, std::string_view arguments,
                           std::span<std::byte> out) {
  coap::MessageWriter writer = Start(request, coap::codes::kPost, out);
  AddPath(request.path, writer);
  return writer.Payload(std::as_bytes(std::span(arguments.data(), arguments.size()))).Finish();
}

}  // namespace karez::protocols::lwm2m
