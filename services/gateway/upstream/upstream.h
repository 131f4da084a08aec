// One service behind the gateway: its channels, circuit breaker and limit of calls under way. Calls
// carry serialised messages, so that no service is known here. Safe from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "services/gateway/upstream/breaker.h"

namespace karez::gateway::upstream {

struct Call {
  std::string method;  // "/karez.billing.v1.BillingService/GetBill"
  grpc::ByteBuffer request;
  // Keys in lower case; values printable ASCII.
  std::vector<std::pair<std::string, std::string>> metadata;
  std::chrono::system_clock::time_point deadline;
};

// A server stream under way. Messages come one at a time: the next only after Next().
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void Next() = 0;
  virtual void Cancel() = 0;
};
struct StreamEvents {
  std::function<void(grpc::ByteBuffer)> message;
  std::function<void(grpc::Status)> end;  // once, after the last message
};

class Upstream {
 public:
  using Done = std::function<void(grpc::Status, grpc::ByteBuffer)>;

  struct Options {
    std::string name;
    std::string address;  // any gRPC target
    int calls_max = 512;
    int streams_max = 1024;
  };

  explicit Upstream(Options options);
  // Cancels what is under way and waits for it.
  ~Upstream();

  const std::string& name() const { return options_.name; }
  Breaker& breaker() { return breaker_; }
  // For streams of the gateway's own.
  const std::shared_ptr<grpc::Channel>& stream_channel() const { return stream_channel_; }

  // `done` is called once, from a thread of gRPC, or at once when too many calls are under way
  // (RESOURCE_EXHAUSTED) or Stop was called (CANCELLED).
  void Unary(Call call, Done done);
  // The same for a server stream; Next() asks for the first message. Callbacks come from threads of
  // gRPC, and not before this function has returned unless it returns null.
  std::shared_ptr<Stream> OpenStream(Call call, StreamEvents events);

  // Refuses new calls, cancels those under way, returns when none is left.
  void Stop();
  int calls() const { return calls_; }
  int streams() const { return streams_; }

 private:
  friend class UnaryCall;
  friend class StreamCall;
  // False when stopping.
  bool Enter(const std::shared_ptr<grpc::ClientContext>& context);
  void Leave(const std::shared_ptr<grpc::ClientContext>& context);

  const Options options_;
  Breaker breaker_;
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<grpc::Channel> stream_channel_;
  grpc::GenericStub stub_;
  grpc::GenericStub stream_stub_;
  std::atomic<int> calls_ = 0;
  std::atomic<int> streams_ = 0;
  std::mutex mutex_;
  std::condition_variable none_left_;
  std::set<std::shared_ptr<grpc::ClientContext>> running_;
  bool stopping_ = false;
};

}  // namespace karez::gateway::upstream
