// The ways in. Each runs `fn` on the worker pool after authentication, permission check and
// deadline check driven by the method's options, and turns its Result into the answer:
//
//   Write  one transaction: claims the request_id, runs fn, records the audit, stores the answer
//   Read   one transaction without request_id
//   Unary  no transaction of its own (a call that asks another service, or opens its own)
//   Watch  server stream: asks fn every half second, sends what changed, ends when fn says so
//
//   grpc::ServerUnaryReactor* BillingService::GetBill(grpc::CallbackServerContext* context,
//                                                     const pb::GetBillRequest* in, pb::Bill* out)
//                                                     {
//     return rpc::Read(server_, context, in, out, [](pg::Tx& tx, const Context& ctx, const auto&
//     in,
//                                                    auto& out) -> Result<void> { … });
//   }
//
// `fn` may run more than once (retry of the transaction): the answer is cleared before each run.
#pragma once

#include <functional>
#include <utility>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "libs/pg/tx.h"
#include "libs/rpc/server.h"

namespace karez::rpc {

using InTransaction = std::function<Result<void>(pg::Tx&, const Context&)>;
using WithoutTransaction = std::function<Result<void>(const Context&)>;

// With a request_id in the request, the answer is stored under it and given again.
grpc::ServerUnaryReactor* DispatchTransaction(Server& server, grpc::CallbackServerContext* context,
                                              const google::protobuf::Message* request,
                                              google::protobuf::Message* response,
                                              InTransaction fn);
grpc::ServerUnaryReactor* DispatchUnary(Server& server, grpc::CallbackServerContext* context,
                                        const google::protobuf::Message* request,
                                        google::protobuf::Message* response, WithoutTransaction fn);

template <class Request, class Response, class Fn>
grpc::ServerUnaryReactor* Write(Server& server, grpc::CallbackServerContext* context,
                                const Request* request, Response* response, Fn fn) {
  return DispatchTransaction(
      server, context, request, response,
      [request, response, fn = std::move(fn)](pg::Tx& tx, const Context& ctx) -> Result<void> {
        return fn(tx, ctx, *request, *response);
      });
}

template <class Request, class Response, class Fn>
grpc::ServerUnaryReactor* Read(Server& server, grpc::CallbackServerContext* context,
                               const Request* request, Response* response, Fn fn) {
  static_assert(
      !requires { request->request_id(); }, "a call with a request_id is a Write");
  return Write(server, context, request, response, std::move(fn));
}

template <class Request, class Response, class Fn>
grpc::ServerUnaryReactor* Unary(Server& server, grpc::CallbackServerContext* context,
                                const Request* request, Response* response, Fn fn) {
  return DispatchUnary(server, context, request, response,
                       [request, response, fn = std::move(fn)](const Context& ctx) -> Result<void> {
                         return fn(ctx, *request, *response);
                       });
}

// Token, tenant and permission of a call. For libs/rpc, and for streams that do not fit Watch.
// Throws pg::Failure when the tenants cannot be read.
Result<Context> Authorise(Server& server, grpc::CallbackServerContext& context,
                          const google::protobuf::Message& request);

// What an exception thrown by a handler becomes; logs what the caller is not told.
Error FromException(const std::exception& exception, const std::string& method, const Trace& trace);

}  // namespace karez::rpc
