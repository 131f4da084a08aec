// Server streams that follow a row until it reaches its end: progress of an operation. See call.h.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "libs/rpc/call.h"

namespace karez::rpc {

// Drives one stream. Owned by the stream itself; deletes itself when gRPC is done with it.
class WatchCall {
 public:
  // `send` writes the message and later calls Sent(); `finish` ends the stream.
  struct Output {
    std::function<void(const google::protobuf::Message&)> send;
    std::function<void(grpc::Status)> finish;
  };
  // Fills the message; true when it is the last.
  using Step = std::function<Result<bool>(pg::Tx&, const Context&, google::protobuf::Message&)>;

  static std::shared_ptr<WatchCall> Make(Server& server, grpc::CallbackServerContext* context,
                                         const google::protobuf::Message& request,
                                         std::unique_ptr<google::protobuf::Message> message,
                                         Step step, Output output);
  virtual ~WatchCall() = default;
  virtual void Begin() = 0;
  virtual void Sent(bool ok) = 0;
  virtual void Cancelled() = 0;
};

template <class Request, class Response, class Fn>
grpc::ServerWriteReactor<Response>* Watch(Server& server, grpc::CallbackServerContext* context,
                                          const Request* request, Fn fn) {
  class Reactor final : public grpc::ServerWriteReactor<Response> {
   public:
    Reactor(Server& s, grpc::CallbackServerContext* c, const Request* r, Fn f)
        : call_(WatchCall::Make(
              s, c, *r, std::make_unique<Response>(),
              [r, f = std::move(f)](pg::Tx& tx, const Context& ctx, google::protobuf::Message& out)
                  -> Result<bool> { return f(tx, ctx, *r, static_cast<Response&>(out)); },
              {[this](const google::protobuf::Message& m) {
                 out_ = static_cast<const Response&>(m);
                 this->StartWrite(&out_);
               },
               [this](grpc::Status status) { this->Finish(std::move(status)); }})) {}
    void Begin() { call_->Begin(); }
    void OnWriteDone(bool ok) override { call_->Sent(ok); }
    void OnCancel() override { call_->Cancelled(); }
    void OnDone() override { delete this; }

   private:
    std::shared_ptr<WatchCall> call_;
    Response out_;
  };
  auto* reactor = new Reactor(server, context, request, std::move(fn));
  reactor->Begin();
  return reactor;
}

}  // namespace karez::rpc
