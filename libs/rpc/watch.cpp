#include "libs/rpc/watch.h"

#include <atomic>

#include "libs/rpc/status.h"
#include "libs/rpc/workers.h"

namespace karez::rpc {
namespace {

constexpr std::chrono::milliseconds kPeriod{500};

class PolledCall final : public WatchCall, public std::enable_shared_from_this<PolledCall> {
 public:
  PolledCall(Server& server, grpc::CallbackServerContext* context,
             const google::protobuf::Message& request,
             std::unique_ptr<google::protobuf::Message> message, Step step, Output output)
      : server_(server),
        context_(context),
        request_(request),
        message_(std::move(message)),
        step_(std::move(step)),
        output_(std::move(output)) {}

  // One link of the chain at a time: work → send → Sent → (a while later) work.
  void Begin() override {
    const bool queued = server_.workers().Submit([self = shared_from_this()] { self->Work(); });
    if (!queued) {
      output_.finish(ToStatus({Code::kResourceExhausted,
                               "SERVER_BUSY",
                               "Too many calls are waiting. Try again in a moment.",
                               {},
                               {}}));
    }
  }
  void Sent(bool ok) override {
    if (!ok) cancelled_ = true;
    Later();
  }
  void Cancelled() override { cancelled_ = true; }

 private:
  void Later() {
    server_.workers().After(last_ ? std::chrono::milliseconds(0) : kPeriod,
                            [self = shared_from_this()] { self->Work(); });
  }

  void Work() {
    if (last_) return output_.finish(grpc::Status::OK);
    if (cancelled_) return output_.finish(grpc::Status::CANCELLED);
    if (server_.stopping()) {
      return output_.finish(
          grpc::Status(grpc::StatusCode::UNAVAILABLE, "The service is stopping."));
    }
    std::string failed_method = std::string(request_.GetDescriptor()->full_name());
    try {
      if (!permitted_) {
        auto context = Authorise(server_, *context_, request_);
        if (!context) return output_.finish(ToStatus(context.error()));
        permitted_ = std::make_unique<Context>(*std::move(context));
      }
      const auto done = server_.pool().Transact(
          {.tenant = permitted_->tenant_id(), .trace = permitted_->trace()}, [this](pg::Tx& tx) {
            message_->Clear();
            return step_(tx, *permitted_, *message_);
          });
      if (!done) return output_.finish(ToStatus(done.error()));
      last_ = *done;
    } catch (const std::exception& e) {
      return output_.finish(ToStatus(FromException(e, failed_method, Trace::New())));
    }
    std::string bytes = message_->SerializeAsString();
    if (bytes == sent_ && !last_) return Later();
    sent_ = std::move(bytes);
    output_.send(*message_);
  }

  Server& server_;
  grpc::CallbackServerContext* context_;
  const google::protobuf::Message& request_;
  std::unique_ptr<google::protobuf::Message> message_;
  Step step_;
  Output output_;
  std::unique_ptr<Context> permitted_;
  std::string sent_ = "\xff";  // no message looks like this, so the first is always sent
  bool last_ = false;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace

std::shared_ptr<WatchCall> WatchCall::Make(Server& server, grpc::CallbackServerContext* context,
                                           const google::protobuf::Message& request,
                                           std::unique_ptr<google::protobuf::Message> message,
                                           Step step, Output output) {
  return std::make_shared<PolledCall>(server, context, request, std::move(message), std::move(step),
                                      std::move(output));
}

}  // namespace karez::rpc
