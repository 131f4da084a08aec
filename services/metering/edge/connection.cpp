#include "services/metering/edge/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "libs/obs/metrics.h"
#include "libs/protocols/codec.h"
#include "services/metering/edge/server.h"

namespace karez::metering::edge {
namespace {

namespace env = protocols::envelope;
using std::chrono::seconds;
using Kind = domain::Terminal::Kind;

// Frames on their way to Kafka, and bytes that wait to be written, beyond which nothing is read.
constexpr std::size_t kMaxInFlight = 4096;
constexpr std::size_t kMaxOutput = 64 * 1024;
// After this silence what began to look like a message is none.
constexpr seconds kSilence{5};
// Time for a terminal that was refused to hear it and go.
constexpr seconds kLinger{10};

protocols::Protocol ProtocolOf(const KnownTerminal&) { return protocols::Protocol::kCjt188; }

}  // namespace

Connection::Connection(Server& server, boost::asio::ip::tcp::socket socket)
    : server_(server),
      socket_(std::move(socket)),
      line_(server.profiles()),
      last_input_(std::chrono::steady_clock::now()) {}

void Connection::Start() { Read(); }

void Connection::Read() {
  if (reading_ || closed_ || draining_ || ended_) return;
  reading_ = true;
  socket_.async_read_some(
      boost::asio::buffer(input_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        self->reading_ = false;
        if (self->closed_) return;
        if (error) {
          self->ended_ = true;
        } else {
          self->last_input_ = std::chrono::steady_clock::now();
          self->rest_ = protocols::Bytes(self->input_).first(size);
        }
        self->Advance();
      });
}

bool Connection::CanTake() const {
  return !deciding_ && unsent_.empty() && in_flight_ < kMaxInFlight && output_.size() < kMaxOutput;
}

void Connection::Advance() {
  while (!closed_) {
    while (CanTake()) {
      auto event = line_.Next();
      if (!event) break;
      Handle(std::move(*event));
    }
    if (closed_ || !CanTake()) break;
    if (!rest_.empty()) {
      rest_ = rest_.subspan(line_.Push(rest_));
      continue;
    }
    if (!ended_) {
      Read();
      break;
    }
    if (line_.pending() == 0) {
      if (idle()) Close();
      break;
    }
    line_.Flush();
  }
  server_.Add(line_.TakeAccount());
}

void Connection::Handle(LineEvent event) {
  switch (event.kind) {
    case LineEvent::Kind::kRegister:
      OnRegister(event);
      break;
    case LineEvent::Kind::kHeartbeat:
      if (terminal_->terminal.kind == Kind::kAcknowledged) {
        Acknowledge(event.message, env::Outcome::kAccepted);
      }
      server_.Seen(*terminal_);
      break;
    case LineEvent::Kind::kData:
      OnData(std::move(event));
      break;
    case LineEvent::Kind::kFrame:
      OnFrame(std::move(event));
      break;
    case LineEvent::Kind::kForeign:
      Close();
      break;
  }
}

void Connection::OnRegister(const LineEvent& event) {
  deciding_ = true;
  server_.Look(event.terminal_kind, event.terminal,
               [self = shared_from_this(), event](const Result<KnownTerminal>& known) {
                 self->deciding_ = false;
                 if (self->closed_) {
                   self->line_.Refuse();
                   self->CountRest();
                   return;
                 }
                 self->Welcome(event, known);
                 self->Advance();
               });
}

void Connection::Welcome(const LineEvent& event, const Result<KnownTerminal>& known) {
  const bool acknowledged = event.terminal_kind == Kind::kAcknowledged;
  const bool fits =
      known && (acknowledged || known->terminal.profile == event.profile->id) && !draining_;
  if (!fits) {
    const bool busy = draining_ || (!known && known.error().code == Code::kUnavailable);
    obs::Count("karez_edge_refused_total", {{"reason", busy ? "busy" : "unknown_terminal"}});
    line_.Refuse();
    refused_ = true;
    if (acknowledged) {
      Acknowledge(event.message, busy ? env::Outcome::kBusy : env::Outcome::kUnknownTerminal);
    }
    return;
  }
  line_.Accept();
  terminal_ = *known;
  question_ = server_.Micros();
  server_.Registered(shared_from_this());
  if (acknowledged) {
    Acknowledge(event.message, env::Outcome::kAccepted);
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  poller_.emplace(Poller::Options{seconds(terminal_->terminal.poll_seconds),
                                  server_.options().poll_timeout, server_.options().poll_tries});
  poller_->Begin(terminal_->meters, now);
  Poll(now);
}

void Connection::OnData(LineEvent event) {
  server_.Seen(*terminal_);
  if (event.frames.empty()) {
    obs::Count("karez_edge_refused_total", {{"reason", "no_frame"}});
    Acknowledge(event.message, env::Outcome::kRefused);
    return;
  }
  auto delivery = std::make_shared<Delivery>();
  delivery->message = event.message;
  delivery->left = event.frames.size();
  for (std::string& payload : event.frames) Queue(std::move(payload), delivery);
  Pump();
}

void Connection::OnFrame(LineEvent event) {
  server_.Seen(*terminal_);
  auto delivery = std::make_shared<Delivery>();
  delivery->left = 1;
  delivery->answered = false;
  Queue(std::move(event.frames[0]), delivery);
  if (poller_) poller_->Answered(unsent_.back().frame.device_address);
  Pump();
  Poll(std::chrono::steady_clock::now());
}

void Connection::Queue(std::string payload, const std::shared_ptr<Delivery>& delivery) {
  protocols::FixedText<40> device;
  const auto bytes = std::as_bytes(std::span(payload));
  // The line found the frame by its link layer, so the address can be read.
  static_cast<void>(protocols::ReadDeviceId(ProtocolOf(*terminal_), bytes, device).ok());
  domain::RawFrame frame;
  frame.id = domain::FrameId::New();
  frame.terminal_id = terminal_->terminal.id;
  frame.terminal_number = terminal_->terminal.number;
  frame.device_address = std::string(device.view());
  const bool kept = terminal_->terminal.kind == Kind::kAcknowledged;
  frame.path = kept ? domain::Path::kKept : domain::Path::kPolled;
  frame.sequence = kept ? delivery->message.sequence : question_;
  frame.received_at = server_.Now();
  frame.edge_id = server_.options().edge_id;
  frame.payload = std::move(payload);
  unsent_.push_back({std::move(frame), delivery});
}

void Connection::Pump() {
  while (!unsent_.empty()) {
    const Outgoing& next = unsent_.front();
    const bool queued =
        server_.sink().Send(terminal_->tenant, next.frame,
                            [self = shared_from_this(), delivery = next.delivery](bool stored) {
                              self->OnDelivered(*delivery, stored);
                            });
    if (!queued) return;  // Tick tries again
    unsent_.pop_front();
    ++in_flight_;
  }
}

void Connection::OnDelivered(Delivery& delivery, bool stored) {
  --in_flight_;
  if (!stored) delivery.failed = true;
  if (--delivery.left == 0 && delivery.answered && !closed_) {
    Acknowledge(delivery.message, delivery.failed ? env::Outcome::kBusy : env::Outcome::kAccepted);
  }
  if (delivery.left == 0) Advance();
}

void Connection::Poll(Time now) {
  if (!poller_ || draining_ || closed_) return;
  if (poller_->Due(now) && !loading_) {
    loading_ = true;
    server_.Look(Kind::kTransparent, terminal_->terminal.number,
                 [self = shared_from_this()](const Result<KnownTerminal>& known) {
                   self->loading_ = false;
                   const auto later = std::chrono::steady_clock::now();
                   if (!known && known.error().code == Code::kNotFound) return self->Close();
                   if (!known) return self->poller_->Postpone(later);
                   self->terminal_ = *known;
                   self->poller_->Begin(known->meters, later);
                   self->Poll(later);
                 });
    return;
  }
  if (const auto question = poller_->Next(now)) Ask(*question);
}

void Connection::Ask(const Question& question) {
  std::array<std::byte, protocols::kMaxRequest> request;
  question_ = server_.Micros();
  const auto encoded =
      protocols::EncodeRequest(*question.meter->profile, question.meter->address,
                               protocols::Ask::kCurrent, question.sequence, request);
  if (!encoded.error.ok()) return;  // its tries run out, and the next meter follows
  obs::Count("karez_edge_polls_total");
  Write({reinterpret_cast<const char*>(request.data()), encoded.size});
}

void Connection::Acknowledge(const env::Message& to, env::Outcome outcome) {
  std::array<std::byte, env::kMaxMessage> bytes;
  const auto at = std::chrono::duration_cast<seconds>(server_.Now().time_since_epoch()).count();
  const auto written = env::EncodeAcknowledge(to, outcome, static_cast<std::uint32_t>(at), bytes);
  if (!written.error.ok()) return;
  Write({reinterpret_cast<const char*>(bytes.data()), written.size});
}

void Connection::Write(std::string_view bytes) {
  output_ += bytes;
  if (writing_ || flushing_) return;
  flushing_ = true;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->flushing_ = false;
    self->Flush();
  });
}

void Connection::Flush() {
  if (writing_ || output_.empty() || closed_) return;
  writing_ = true;
  written_.swap(output_);
  boost::asio::async_write(
      socket_, boost::asio::buffer(written_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        self->writing_ = false;
        self->written_.clear();
        if (error) return self->Close();
        self->Flush();
        self->Advance();
      });
}

void Connection::Tick(Time now) {
  if (closed_) return;
  if (!unsent_.empty()) {
    Pump();
    if (unsent_.empty()) Advance();
  }
  const auto quiet = now - last_input_;
  if (quiet > kSilence && line_.pending() > 0 && CanTake()) {
    line_.Flush();
    Advance();
  }
  const auto& options = server_.options();
  if ((refused_ && quiet > kLinger) || quiet > options.idle_timeout ||
      (!terminal_ && !deciding_ && quiet > options.register_timeout)) {
    Close();
    return;
  }
  Poll(now);
}

void Connection::Drain() {
  draining_ = true;
  // The read under way ends as if the terminal had; what is being written goes on.
  boost::system::error_code ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_receive, ignored);
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  // A registration that waits for the directory is counted when the answer comes.
  if (!deciding_) CountRest();
  server_.Gone(shared_from_this());
}

// What was taken off the socket is accounted for, whatever becomes of it.
void Connection::CountRest() {
  while (!rest_.empty() || line_.pending() > 0) {
    if (!rest_.empty()) rest_ = rest_.subspan(line_.Push(rest_));
    if (rest_.empty()) line_.Flush();
    while (const auto event = line_.Next()) {
      if (event->kind == LineEvent::Kind::kRegister) line_.Refuse();
    }
  }
  server_.Add(line_.TakeAccount());
}

}  // namespace karez::metering::edge
