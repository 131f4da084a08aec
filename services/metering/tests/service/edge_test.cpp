// A frame in over a real socket, through the edge, Kafka and the worker, to a reading that can be
// asked for.
#include <algorithm>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "karez/identity/v1/events.pb.h"
#include "karez/metering/v1/metering.grpc.pb.h"

#include "libs/protocols/codec.h"
#include "libs/testing/eventually.h"
#include "libs/testing/result_matchers.h"
#include "libs/testing/service.h"
#include "services/metering/app.h"
#include "services/metering/edge/server.h"
#include "services/metering/events/frame_record.h"
#include "services/metering/tests/frames.h"

namespace karez::metering {
namespace {

using ::karez::testing::Eventually;
using ::karez::testing::FailsWith;
using ::karez::testing::Succeeds;
using metering::testing::DataMessage;
using metering::testing::HeartbeatMessage;
using metering::testing::ReadingFrame;
using metering::testing::RegisterMessage;
using protocols::envelope::Outcome;
using ::testing::SizeIs;
using Stub = v1::MeteringService::Stub;

constexpr TenantId kUs = 2;
constexpr TenantId kThem = 3;

std::set<std::string, std::less<>> AllPermissions() {
  return {"metering.meter.create",    "metering.meter.read",     "metering.meter.import",
          "metering.terminal.create", "metering.terminal.read",  "metering.reading.read",
          "metering.frame.read",      "metering.settlement.run", "metering.settlement.read",
          "platform.edge.read"};
}

// A terminal's side of a TCP connection; reads block until what is waited for has come.
class Terminal {
 public:
  explicit Terminal(int port) : socket_(io_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
  }
  void Send(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
  std::vector<testing::Answer> Await(std::size_t count) {
    while (testing::Answers(heard_).size() < count && Hear()) {
    }
    return testing::Answers(heard_);
  }
  // The next bytes; empty at the end of the connection.
  std::string Next() {
    heard_.clear();
    Hear();
    return heard_;
  }
  void Close() { socket_.close(); }

 private:
  bool Hear() {
    std::array<char, 4096> bytes;
    boost::system::error_code error;
    const std::size_t size = socket_.read_some(boost::asio::buffer(bytes), error);
    heard_.append(bytes.data(), size);
    return !error;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string heard_;
};

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() : service_("metering", Migrations(), clock_), app_(service_.host()) {
    service_.database().AddTenant(kUs, "shule");
    service_.database().AddTenant(kThem, "gaochang");
    service_.Start();
    for (const TenantId tenant : {kUs, kThem}) {
      token_[tenant] = service_.Staff(tenant, AllPermissions());
      branch_[tenant] = BranchId::New();
      identity::v1::BranchChanged event;
      event.set_branch_id(branch_[tenant].str());
      event.set_code("B1");
      event.set_name("Branch");
      event.set_version(1);
      service_.Publish("identity", tenant, "branch", branch_[tenant].value(), 1, event);
    }
    EXPECT_TRUE(Eventually(
        [&] { return service_.database().Value("SELECT count(*) FROM branch") == "2"; }));
    StartEdge();
  }
  ~EdgeTest() override { service_.host().Stop(); }

  void StartEdge() {
    edge::ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.edge_id = "edge-test";
    options.brokers = service_.host().config().brokers;
    options.topic = service_.host().Topic("frames");
    options.poll_timeout = std::chrono::milliseconds(500);
    edge_ = std::make_unique<edge::Server>(options, service_.host().pool(),
                                           service_.host().tenants(), clock_);
    ASSERT_THAT(edge_->Start(), Succeeds());
  }
  v1::Terminal NewTerminal(TenantId tenant, const std::string& number, v1::Terminal::Kind kind) {
    v1::CreateTerminalRequest request;
    request.set_request_id(Uuid::V7().str());
    request.set_number(number);
    request.set_kind(kind);
    request.set_branch_id(branch_[tenant].str());
    if (kind == v1::Terminal::KIND_TRANSPARENT) request.set_terminal_profile("dtu-reg-hb");
    auto terminal = service_.Call(token_[tenant], &Stub::CreateTerminal, request);
    EXPECT_THAT(terminal, Succeeds());
    return *terminal;
  }
  v1::Meter NewMeter(TenantId tenant, const v1::Terminal& terminal, const std::string& number) {
    v1::CreateMeterRequest request;
    request.set_request_id(Uuid::V7().str());
    request.set_number(number);
    request.set_branch_id(branch_[tenant].str());
    request.set_profile(testing::kProfile);
    request.set_terminal_id(terminal.terminal_id());
    auto meter = service_.Call(token_[tenant], &Stub::CreateMeter, request);
    EXPECT_THAT(meter, Succeeds());
    return *meter;
  }
  Result<v1::ListReadingsResponse> Readings(TenantId tenant, const v1::Meter& meter) {
    v1::ListReadingsRequest request;
    request.set_meter_id(meter.meter_id());
    return service_.Call(token_[tenant], &Stub::ListReadings, request);
  }
  bool HasReadings(const v1::Meter& meter, int count) {
    return Eventually([&] { return Readings(kUs, meter)->readings_size() == count; });
  }
  v1::FrameAccount Account(TenantId tenant) {
    v1::ListFrameAccountsRequest request;
    request.set_from_date(FormatDate(AddDays(Zone().DateOf(clock_.Now()), -1)));
    request.set_to_date(FormatDate(Zone().DateOf(clock_.Now())));
    v1::FrameAccount sum;
    const auto answer = *service_.Call(token_[tenant], &Stub::ListFrameAccounts, request);
    for (const auto& day : answer.days()) {
      sum.set_received(sum.received() + day.received());
      sum.set_stored(sum.stored() + day.stored());
      sum.set_duplicate(sum.duplicate() + day.duplicate());
      for (const auto& [reason, frames] : day.quarantined()) {
        (*sum.mutable_quarantined())[reason] += frames;
      }
    }
    return sum;
  }
  v1::EdgeAccount Bytes() {
    return service_.Call(token_[kUs], &Stub::ListEdgeAccounts, v1::ListEdgeAccountsRequest())
        ->edges(0);
  }
  std::string Frame(const std::string& address, int value) {
    return ReadingFrame(address, value, 0, std::nullopt);
  }

  SystemClock clock_;
  ::karez::testing::Service service_;
  App app_;
  std::map<TenantId, std::string> token_;
  std::map<TenantId, BranchId> branch_;
  std::unique_ptr<edge::Server> edge_;
};

TEST_F(EdgeTest, AnAcknowledgedFrameCanBeAskedForAndNoOtherTenantSeesIt) {
  const auto terminal = NewTerminal(kUs, "860000000000017", v1::Terminal::KIND_ACKNOWLEDGED);
  const auto meter = NewMeter(kUs, terminal, "1001");
  Terminal line(edge_->port());
  line.Send(RegisterMessage("860000000000017", 0));
  line.Send(DataMessage("860000000000017", 1, Frame("00000000001001", 1234)) +
            DataMessage("860000000000017", 2, "no frame") + HeartbeatMessage("860000000000017", 3));
  const auto answers = line.Await(4);
  ASSERT_THAT(answers, SizeIs(4));
  std::map<std::uint32_t, Outcome> outcomes;
  for (const auto& answer : answers) outcomes[answer.sequence] = answer.outcome;
  EXPECT_EQ(outcomes[1], Outcome::kAccepted);
  EXPECT_EQ(outcomes[2], Outcome::kRefused);
  ASSERT_TRUE(HasReadings(meter, 1));
  EXPECT_EQ(Readings(kUs, meter)->readings(0).value_ml(), 12'340'000);
  EXPECT_THAT(Readings(kThem, meter), FailsWith(Code::kNotFound, "METER_NOT_FOUND"));
  EXPECT_EQ(Account(kThem).received(), 0);
  const auto published = service_.Await("karez.metering.v1.LatestReadingChanged", 1);
  EXPECT_EQ(std::ranges::count(published, "karez.metering.v1.LatestReadingChanged",
                               &::karez::testing::Published::type),
            1);
}

TEST_F(EdgeTest, TheTerminalOfOneTenantNeverWritesToAnother) {
  const auto ours = NewTerminal(kUs, "A1", v1::Terminal::KIND_ACKNOWLEDGED);
  const auto theirs = NewTerminal(kThem, "B1", v1::Terminal::KIND_ACKNOWLEDGED);
  const auto meter = NewMeter(kUs, ours, "1001");
  NewMeter(kThem, theirs, "1002");
  Terminal line(edge_->port());
  line.Send(RegisterMessage("B1", 0));
  line.Send(DataMessage("B1", 1, Frame("00000000001001", 5)));
  // Under our terminal's name on their connection: not even answered.
  line.Send(DataMessage("A1", 2, Frame("00000000001001", 6)));
  line.Send(DataMessage("B1", 3, Frame("00000000001002", 7)));
  line.Await(3);
  ASSERT_TRUE(Eventually([&] { return Account(kThem).received() == 2; }));
  EXPECT_EQ(Account(kThem).stored(), 1);
  EXPECT_EQ(Account(kThem).quarantined().at("unknown_device"), 1);
  EXPECT_EQ(Account(kUs).received(), 0);
  EXPECT_EQ(Readings(kUs, meter)->readings_size(), 0);
}

TEST_F(EdgeTest, AnUnknownTerminalIsRefusedAndItsBytesAreCounted) {
  const std::string said =
      RegisterMessage("DEAD", 0) + DataMessage("DEAD", 1, Frame("00000000000001", 1));
  Terminal line(edge_->port());
  line.Send(said);
  const auto answers = line.Await(1);
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers[0].outcome, Outcome::kUnknownTerminal);
  line.Close();
  const auto size = static_cast<std::int64_t>(said.size());
  ASSERT_TRUE(Eventually([&] { return Bytes().unregistered_bytes() == size; }));
  EXPECT_EQ(Bytes().bytes_received(), size);
}

TEST_F(EdgeTest, ATransparentTerminalIsPolled) {
  const auto terminal = NewTerminal(kUs, "0000DTU000000001", v1::Terminal::KIND_TRANSPARENT);
  const auto first = NewMeter(kUs, terminal, "1001");
  const auto second = NewMeter(kUs, terminal, "1002");
  Terminal line(edge_->port());
  line.Send("REG:0000DTU000000001\r\n");
  for (const auto* address : {"00000000001001", "00000000001002"}) {
    const std::string question = line.Next();
    ASSERT_FALSE(question.empty());
    protocols::FixedText<40> asked;
    protocols::SplitFrames(
        std::as_bytes(std::span(question)), protocols::MeterProbe{}, [&](protocols::Bytes frame) {
          EXPECT_TRUE(protocols::ReadDeviceId(protocols::Protocol::kCjt188, frame, asked).ok());
        });
    EXPECT_EQ(asked.view(), address);
    line.Send(Frame(address, 42));
  }
  EXPECT_TRUE(HasReadings(first, 1));
  EXPECT_TRUE(HasReadings(second, 1));
  v1::GetTerminalRequest request;
  request.set_terminal_id(terminal.terminal_id());
  EXPECT_TRUE(Eventually(
      [&] { return service_.Call(token_[kUs], &Stub::GetTerminal, request)->connected(); }));
}

TEST_F(EdgeTest, WhatKafkaDeliversAgainIsCountedOnce) {
  const auto terminal = NewTerminal(kUs, "A1", v1::Terminal::KIND_ACKNOWLEDGED);
  const auto meter = NewMeter(kUs, terminal, "1001");
  domain::RawFrame frame;
  frame.id = domain::FrameId::New();
  frame.terminal_id = *domain::TerminalId::Parse(terminal.terminal_id());
  frame.terminal_number = "A1";
  frame.device_address = "00000000001001";
  frame.sequence = 1;
  frame.received_at = clock_.Now();
  frame.edge_id = "edge-test";
  frame.payload = Frame("00000000001001", 5);
  const auto producer = *karez::events::Producer::Create(service_.host().config().brokers, "test");
  for (int i = 0; i < 3; ++i) {
    producer->Send(events::ToRecord(service_.host().Topic("frames"), kUs, frame),
                   [](const std::string&) {});
  }
  frame.id = domain::FrameId::New();
  producer->Send(events::ToRecord(service_.host().Topic("frames"), kUs, frame),
                 [](const std::string&) {});
  ASSERT_TRUE(producer->Flush(10'000));
  ASSERT_TRUE(Eventually([&] { return Account(kUs).received() == 2; }));
  EXPECT_EQ(Account(kUs).stored(), 1);
  EXPECT_EQ(Account(kUs).duplicate(), 1);
  EXPECT_TRUE(HasReadings(meter, 1));
}

TEST_F(EdgeTest, AStoppedEdgeHasStoredWhatItTookAndWrittenItsAccount) {
  const auto terminal = NewTerminal(kUs, "A1", v1::Terminal::KIND_ACKNOWLEDGED);
  const auto meter = NewMeter(kUs, terminal, "1001");
  std::string said = RegisterMessage("A1", 0);
  for (int i = 1; i <= 200; ++i) {
    said += DataMessage("A1", static_cast<std::uint32_t>(i), Frame("00000000001001", 100 + i / 50));
  }
  Terminal line(edge_->port());
  line.Send(said);
  line.Await(50);
  edge_->Stop();
  std::size_t acknowledged = 0;
  for (const auto& answer : line.Await(10'000)) {
    if (answer.acknowledged == protocols::envelope::Type::kData) ++acknowledged;
  }
  EXPECT_TRUE(Eventually(
      [&] { return Account(kUs).received() >= static_cast<std::int64_t>(acknowledged); }));
  const auto bytes = Bytes();
  EXPECT_EQ(bytes.bytes_received(), bytes.frame_bytes() + bytes.garbage_bytes() +
                                        bytes.envelope_bytes() + bytes.unregistered_bytes());
}

TEST_F(EdgeTest, AnImportWaitsForItsBranchAndTheSameFileAgainChangesNothing) {
  const std::string csv =
      "type,number,branch_code,terminal_number,profile,terminal_kind\n"
      "terminal,C1,B1,,,acknowledged\n"
      "meter,2001,B1,C1,karez-hourly,\n"
      "meter,2002,B9,C1,karez-hourly,\n"
      "meter,2003,B1,C1,no-such-profile,\n";
  const auto import = [&] {
    v1::ImportDevicesRequest request;
    request.set_request_id(Uuid::V7().str());
    request.set_csv(csv);
    const auto begun = service_.Call(token_[kUs], &Stub::ImportDevices, request);
    EXPECT_THAT(begun, Succeeds());
    v1::GetImportRequest get;
    get.set_import_id(begun->id());
    EXPECT_TRUE(Eventually([&] {
      return service_.Call(token_[kUs], &Stub::GetImport, get)->state() ==
             common::v1::Operation::STATE_SUCCEEDED;
    }));
    return begun->id();
  };
  const auto states = [&](const std::string& id) {
    v1::ListImportRowsRequest request;
    request.set_import_id(id);
    std::vector<int> out;
    const auto answer = *service_.Call(token_[kUs], &Stub::ListImportRows, request);
    for (const auto& row : answer.rows()) {
      out.push_back(row.state());
    }
    return out;
  };
  using Row = common::v1::ImportRow;
  const auto first = import();
  EXPECT_EQ(states(first), (std::vector<int>{Row::STATE_IMPORTED, Row::STATE_IMPORTED,
                                             Row::STATE_WAITING, Row::STATE_REFUSED}));
  identity::v1::BranchChanged event;
  const auto branch = Uuid::V7();
  event.set_branch_id(branch.str());
  event.set_code("B9");
  event.set_name("Branch");
  event.set_version(1);
  service_.Publish("identity", kUs, "branch", branch, 1, event);
  EXPECT_TRUE(Eventually([&] { return states(first)[2] == Row::STATE_IMPORTED; }));
  EXPECT_EQ(states(import()), (std::vector<int>{Row::STATE_UNCHANGED, Row::STATE_UNCHANGED,
                                                Row::STATE_UNCHANGED, Row::STATE_REFUSED}));
}

}  // namespace
}  // namespace karez::metering
