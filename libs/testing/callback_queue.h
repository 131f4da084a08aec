// Keeps gRPC's process-wide callback queue alive for the whole test program. gRPC 1.51 gives it up
// with the last channel and server and makes a new one for the next, and the two sometimes collide
// (an abort in "nexting_thread"). A product process holds its channels and server for life; a test
// that makes a world per case does not. Call it before the first server or channel.
#pragma once

namespace karez::testing {

void KeepCallbackQueue();

}  // namespace karez::testing
