#include "libs/rpc/call.h"

#include <algorithm>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/rpc/audit.h"
#include "libs/rpc/method.h"
#include "libs/rpc/request_log.h"
#include "libs/rpc/status.h"
#include "libs/rpc/workers.h"

namespace karez::rpc {
namespace {

using google::protobuf::Message;

// Where a caller sets no deadline.
constexpr Duration kDefaultTime = std::chrono::seconds(30);

std::string Metadata(const grpc::CallbackServerContext& context, const char* name) {
  const auto& all = context.client_metadata();
  const auto found = all.find(name);
  return found == all.end() ? std::string()
                            : std::string(found->second.data(), found->second.size());
}

Instant Deadline(const grpc::CallbackServerContext& context, Instant now) {
  const auto deadline = std::chrono::time_point_cast<Duration>(context.deadline());
  return std::min(deadline, now + kDefaultTime * 10) < now + kDefaultTime * 10 ? deadline
                                                                               : now + kDefaultTime;
}

// For calls without a tenant: sign-in, keys, gateways.
std::shared_ptr<const Tenant> NoTenant() {
  static const auto kNone = std::make_shared<const Tenant>();
  return kNone;
}

Result<std::shared_ptr<const Tenant>> FindTenant(Server& server, const auth::Claims& claims) {
  if (claims.tenant == 0 && claims.kind == "service") return NoTenant();
  auto tenant = server.tenants().Find(claims.tenant);
  if (!tenant) {
    return Fail(Code::kUnavailable, "TENANT_NOT_READY",
                "This service has not heard of the utility yet. Try again in a moment.");
  }
  if (!tenant->active) {
    return Fail(Code::kPermissionDenied, "TENANT_INACTIVE", "The utility is switched off.");
  }
  return tenant;
}

Result<void> CheckAccess(const options::v1::Rule& rule, const Principal& principal) {
  switch (rule.access()) {
    case options::v1::ACCESS_PUBLIC:
    case options::v1::ACCESS_SIGNED_IN:
      return {};
    case options::v1::ACCESS_INTERNAL:
      if (principal.kind == Principal::Kind::kService) return {};
      break;
    default:
      if (principal.Can(rule.permission())) return {};
  }
  return Fail(Code::kPermissionDenied, "PERMISSION_DENIED",
              rule.permission().empty() ? std::string("This call is for other services only.")
                                        : "This needs the permission " + rule.permission() +
                                              ". Ask an administrator for a role that has it.",
              {{"permission", rule.permission()}});
}

// One unary call from the queue to its answer.
class Call {
 public:
  Call(Server& server, grpc::CallbackServerContext* context, const Message* request,
       Message* response)
      : server_(server),
        context_(context),
        reactor_(context->DefaultReactor()),
        request_(request),
        response_(response),
        method_(server.methods().Of(request->GetDescriptor())),
        trace_(Trace::FromTraceparent(Metadata(*context, "traceparent"))),
        begun_(std::chrono::steady_clock::now()) {}

  using Body = std::function<Result<void>(const Context&)>;

  grpc::ServerUnaryReactor* Run(std::shared_ptr<Call> self, Body body) {
    auto* reactor = reactor_;
    const bool queued = server_.workers().Submit(
        [self, body = std::move(body)] { self->Finish(self->Execute(body)); });
    if (!queued) {
      Finish(Fail(Code::kResourceExhausted, "SERVER_BUSY",
                  "Too many calls are waiting. Try again in a moment."));
    }
    return reactor;
  }

  Result<void> InTransaction(const Context& context, const std::function<Result<void>(pg::Tx&)>& fn,
                             bool repeatable) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(context.deadline() -
                                                                            SystemClock().Now());
    std::optional<TenantId> tenant;
    if (context.tenant_id() != 0) tenant = context.tenant_id();
    const pg::TxOptions options{.tenant = tenant,
                                .statement_timeout = std::max(left, std::chrono::milliseconds(1)),
                                .trace = context.trace()};
    for (int attempt = 1;; ++attempt) {
      try {
        return server_.pool().Transact(options, fn);
      } catch (const pg::Failure& failure) {
        // With a stored request id it is safe to look again whether the commit went through.
        const bool again = repeatable && failure.kind() == pg::FailureKind::kCommitUnknown;
        if (!again || attempt == 3) throw;
      }
    }
  }

  const Method& method() const { return method_; }
  const Message& request() const { return *request_; }
  Message& response() { return *response_; }
  Server& server() { return server_; }

 private:
  Result<void> Execute(const Body& body) {
    try {
      const Instant now = SystemClock().Now();
      if (context_->IsCancelled() || Deadline(*context_, now) <= now) {
        return Fail(Code::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                    "The call waited longer than its deadline.");
      }
      const auto context = Authorise(server_, *context_, *request_);
      if (!context) {
        AuditRefusal(context.error());
        return tl::make_unexpected(context.error());
      }
      tenant_ = context->tenant_id();
      auto result = body(*context);
      if (!result && method_.rule.audited()) AuditRefusal(*context, result.error());
      return result;
    } catch (const std::exception& e) {
      return tl::make_unexpected(FromException(e, method_.full_name, trace_));
    }
  }

  // A caller who was turned away for want of permission is known, and recorded.
  void AuditRefusal(const Error& error) {
    if (error.code != Code::kPermissionDenied) return;
    const auto claims = server_.verifier().Verify(
        Metadata(*context_, "x-karez-token"), server_.options().service, {}, SystemClock().Now());
    if (!claims) return;
    auto tenant = server_.tenants().Find(claims->tenant);
    if (!tenant) return;
    tenant_ = tenant->id;
    AuditRefusal(Context(std::move(tenant), auth::ToPrincipal(*claims), Uuid(), trace_,
                         SystemClock().Now() + std::chrono::seconds(2), server_.clock()),
                 error);
  }

  // In a small transaction of its own, since that of the call is rolled back.
  void AuditRefusal(const Context& context, const Error& error) {
    if (context.tenant_id() == 0) return;
    InTransaction(
        context,
        [&](pg::Tx& tx) -> Result<void> {
          PublishAudit(tx, context, server_.options().service, method_.full_name, *request_,
                       error.reason);
          return {};
        },
        false);
  }

  void Finish(const Result<void>& result) {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    const auto code = CodeName(result ? Code::kOk : result.error().code);
    obs::ObserveSeconds("karez_rpc_duration_seconds", seconds,
                        {{"rpc", method_.full_name}, {"code", code}});
    obs::Log(result ? obs::Level::kDebug : obs::Level::kInfo, "rpc",
             {{"rpc", method_.full_name},
              {"code", code},
              {"reason", result ? std::string() : result.error().reason},
              {"ms", seconds * 1000},
              {"tenant", tenant_},
              obs::LogField(trace_)});
    reactor_->Finish(result ? grpc::Status::OK : ToStatus(result.error()));
  }

  Server& server_;
  grpc::CallbackServerContext* context_;
  grpc::ServerUnaryReactor* reactor_;
  const Message* request_;
  Message* response_;
  const Method& method_;
  Trace trace_;
  TenantId tenant_ = 0;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace

Result<Context> Authorise(Server& server, grpc::CallbackServerContext& context,
                          const Message& request) {
  const Method& method = server.methods().Of(request.GetDescriptor());
  const Instant now = SystemClock().Now();
  const Trace trace = Trace::FromTraceparent(Metadata(context, "traceparent")).Child();
  const Instant deadline = Deadline(context, now);
  if (method.rule.access() == options::v1::ACCESS_PUBLIC) {
    return Context(NoTenant(), Principal(), Uuid(), trace, deadline, server.clock());
  }
  ASSIGN_OR_RETURN(const auto claims, server.verifier().Verify(Metadata(context, "x-karez-token"),
                                                               server.options().service, {}, now));
  ASSIGN_OR_RETURN(auto tenant, FindTenant(server, claims));
  Principal principal = auth::ToPrincipal(claims);
  RETURN_IF_ERROR(CheckAccess(method.rule, principal));
  Uuid request_id;
  if (!method.rule.without_request_id() &&
      request.GetDescriptor()->FindFieldByName("request_id") != nullptr) {
    ASSIGN_OR_RETURN(request_id, RequestIdOf(request));
  }
  return Context(std::move(tenant), std::move(principal), request_id, trace, deadline,
                 server.clock());
}

Error FromException(const std::exception& exception, const std::string& method,
                    const Trace& trace) {
  if (const auto* failure = dynamic_cast<const pg::Failure*>(&exception)) {
    switch (failure->kind()) {
      case pg::FailureKind::kConnection:
      case pg::FailureKind::kCommitUnknown:
        obs::Warning("database away", {{"rpc", method}, {"error", failure->what()}});
        return {Code::kUnavailable,
                "DATABASE_UNAVAILABLE",
                "The service cannot reach its database. Try again in a moment.",
                {},
                {}};
      case pg::FailureKind::kRetryable:
        return {Code::kAborted,
                "CONCURRENT_CHANGE",
                "Somebody else is changing the same thing. Try again.",
                {},
                {}};
      case pg::FailureKind::kTimeout:
        return {Code::kDeadlineExceeded,
                "DEADLINE_EXCEEDED",
                "The work took longer than the call's deadline.",
                {},
                {}};
      default:
        break;
    }
  }
  obs::Error("call failed", {{"rpc", method}, {"error", exception.what()}, obs::LogField(trace)});
  return {Code::kInternal,
          "INTERNAL",
          "Something went wrong here. It is logged under the trace id.",
          {{"trace_id", trace.trace_id}},
          {}};
}

grpc::ServerUnaryReactor* DispatchTransaction(Server& server, grpc::CallbackServerContext* context,
                                              const Message* request, Message* response,
                                              InTransaction fn) {
  auto call = std::make_shared<Call>(server, context, request, response);
  return call->Run(call, [call = call.get(), fn = std::move(fn)](const Context& ctx) {
    const auto& method = call->method();
    const bool claims = !ctx.request_id().is_nil();
    return call->InTransaction(
        ctx,
        [&](pg::Tx& tx) -> Result<void> {
          call->response().Clear();
          if (claims) {
            ASSIGN_OR_RETURN(const bool answered, ClaimRequest(tx, ctx, method.full_name,
                                                               call->request(), call->response()));
            if (answered) return {};
          }
          RETURN_IF_ERROR(fn(tx, ctx));
          if (method.rule.audited()) {
            PublishAudit(tx, ctx, call->server().options().service, method.full_name,
                         call->request(), "OK");
          }
          if (claims) StoreAnswer(tx, ctx, method.full_name, call->response());
          return {};
        },
        claims);
  });
}

grpc::ServerUnaryReactor* DispatchUnary(Server& server, grpc::CallbackServerContext* context,
                                        const Message* request, Message* response,
                                        WithoutTransaction fn) {
  auto call = std::make_shared<Call>(server, context, request, response);
  return call->Run(call, std::move(fn));
}

}  // namespace karez::rpc
