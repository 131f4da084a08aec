// One connection of a terminal. All functions on the edge's thread.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "services/metering/domain/raw_frame.h"
#include "services/metering/edge/directory.h"
#include "services/metering/edge/line.h"

namespace karez::metering::edge {

class Server;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Connection(Server& server, boost::asio::ip::tcp::socket socket);
  void Start();
  // Ten times a second: silence, timeouts, the next question.
  void Tick(Time now);
  // Takes no more bytes; what was taken is stored and acknowledged.
  void Drain();
  // Nothing of it waits for Kafka or for the socket.
  bool idle() const { return in_flight_ == 0 && unsent_.empty() && output_.empty() && !writing_; }
  void Close();

  const std::optional<KnownTerminal>& terminal() const { return terminal_; }

 private:
  // A message of an acknowledged terminal whose frames are on their way.
  struct Delivery {
    protocols::envelope::Message message;
    std::size_t left = 0;
    bool failed = false;
    bool answered = true;  // false: of a transparent terminal, nothing to say
  };
  struct Outgoing {
    domain::RawFrame frame;
    std::shared_ptr<Delivery> delivery;
  };

  void Read();
  // Works through what has been read as far as it can go, then reads on.
  void Advance();
  bool CanTake() const;
  void Handle(LineEvent event);
  void OnRegister(const LineEvent& event);
  void Welcome(const LineEvent& event, const Result<KnownTerminal>& known);
  void OnData(LineEvent event);
  void OnFrame(LineEvent event);
  void Queue(std::string payload, const std::shared_ptr<Delivery>& delivery);
  void Pump();
  void OnDelivered(Delivery& delivery, bool stored);
  void Poll(Time now);
  void Ask(const Question& question);
  void Acknowledge(const protocols::envelope::Message& to, protocols::envelope::Outcome outcome);
  void Write(std::string_view bytes);
  void Flush();
  void CountRest();

  Server& server_;
  boost::asio::ip::tcp::socket socket_;
  Line line_;
  std::array<std::byte, 8192> input_;
  protocols::Bytes rest_;  // of input_, not yet taken by the line
  std::deque<Outgoing> unsent_;
  std::size_t in_flight_ = 0;
  std::string output_;   // waits for the write under way
  std::string written_;  // being written
  std::optional<KnownTerminal> terminal_;
  std::optional<Poller> poller_;
  std::int64_t question_ = 0;  // names the question under way; answers to it are told apart by it
  Time last_input_;
  bool reading_ = false;
  bool writing_ = false;
  bool flushing_ = false;  // a Flush is on its way: one write for many acknowledgements
  bool deciding_ = false;  // a registration waits for the directory
  bool loading_ = false;   // the meters of the next round wait for the directory
  bool refused_ = false;
  bool draining_ = false;
  bool ended_ = false;  // the terminal sends no more
  bool closed_ = false;
};

}  // namespace karez::metering::edge
