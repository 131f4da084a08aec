// What the bytes of one connection are: which kind of terminal speaks, its messages, the meter
// frames in them, and an account of every byte. No I/O, no clock; one thread at a time.
//
//   while (!rest.empty()) {
//     rest = rest.subspan(line.Push(rest));
//     while (auto event = line.Next()) Handle(*event);   // a kRegister is answered before going on
//   }
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/envelope/envelope.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/domain/byte_account.h"
#include "services/metering/domain/terminal.h"

namespace karez::metering::edge {

struct LineEvent {
  enum class Kind {
    kRegister,   // before anything else: Accept or Refuse must follow
    kHeartbeat,  // of either kind; of an acknowledged terminal also a registration said again
    kData,       // acknowledged: frames to be stored, or none when the message holds none
    kFrame,      // transparent: one frame, not asked for by a master
    kForeign,    // transparent: another terminal's registration on this connection
  };
  Kind kind = Kind::kHeartbeat;
  // kRegister: how the terminal names itself.
  domain::Terminal::Kind terminal_kind = domain::Terminal::Kind::kAcknowledged;
  std::string terminal;                                           // number on the wire
  const protocols::envelope::TerminalProfile* profile = nullptr;  // transparent
  // Of an acknowledged terminal: what the answer repeats. Its payload is not kept.
  protocols::envelope::Message message;
  std::vector<std::string> frames;  // kData, kFrame
};

class Line {
 public:
  // `profiles` must outlive the line.
  explicit Line(const protocols::ProfileCatalogue& profiles);

  // Takes bytes and returns how many.
  std::size_t Push(protocols::Bytes bytes);
  std::optional<LineEvent> Next();
  // The registration just returned is of a known terminal, or is not: from then on every byte of
  // the connection is unregistered.
  void Accept();
  void Refuse();
  // The line was silent for longer than a message takes, or has ended: nothing is waited for.
  void Flush() { framer_.Flush(); }
  std::size_t pending() const { return refused_ ? 0 : framer_.pending(); }
  bool registered() const { return probe().mode != Mode::kOpen && !refused_; }

  // What was counted since the last call.
  domain::ByteAccount TakeAccount();

 private:
  enum class Mode { kOpen, kEnvelope, kTransparent };
  struct Probe {
    static constexpr std::size_t kMaxFrame = protocols::envelope::kMaxMessage;
    Mode mode = Mode::kOpen;
    const protocols::ProfileCatalogue* profiles = nullptr;
    const protocols::envelope::TerminalProfile* profile = nullptr;  // kTransparent
    protocols::Candidate operator()(protocols::Bytes data) const;
    protocols::Candidate Open(protocols::Bytes data) const;
    protocols::Candidate Transparent(protocols::Bytes data) const;
  };

  const Probe& probe() const { return const_cast<Line*>(this)->framer_.probe(); }
  std::optional<LineEvent> OnOpen(const protocols::Found& found);
  std::optional<LineEvent> OnEnvelope(protocols::Bytes bytes);
  std::optional<LineEvent> OnTransparent(const protocols::Found& found);
  LineEvent Data(const protocols::envelope::Message& message);

  protocols::Framer<Probe> framer_;
  protocols::StreamCounts seen_;  // of the framer, as far as it is in account_
  domain::ByteAccount account_;
  protocols::envelope::TerminalId terminal_;  // of an acknowledged connection
  std::string number_;                        // of a transparent one
  std::size_t registration_bytes_ = 0;        // of the registration that waits for its answer
  Mode wanted_ = Mode::kOpen;
  const protocols::envelope::TerminalProfile* wanted_profile_ = nullptr;
  bool deciding_ = false;
  bool refused_ = false;
};

}  // namespace karez::metering::edge
