#include "libs/testing/callback_queue.h"

#include <condition_variable>
#include <mutex>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

namespace karez::testing {

void KeepCallbackQueue() {
  static std::once_flag once;
  std::call_once(once, [] {
    // A channel takes its share of the queue at its first callback call and gives it back when it
    // is destroyed, which this one never is.
    static grpc::GenericStub& stub = *new grpc::GenericStub(
        grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now());
    const grpc::Slice nothing("");
    const grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer response;
    stub.UnaryCall(&context, "/none/None", grpc::StubOptions(), &request, &response,
                   [&](grpc::Status) {
                     const std::lock_guard lock(mutex);
                     done = true;
                     ended.notify_one();
                   });
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return done; });
  });
}

}  // namespace karez::testing
