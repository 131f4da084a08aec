// Accounts and their changes, search and the 360° page.
#include "services/accounts/api/accounts_service.h"

#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/accounts/api/convert.h"
#include "services/accounts/store/account_store.h"
#include "services/accounts/store/case_store.h"
#include "services/accounts/usecases/load_account_view.h"

namespace karez::accounts::api {
namespace {

constexpr int kHitsDefault = 20;
constexpr int kHitsMax = 50;

}  // namespace

grpc::ServerUnaryReactor* AccountsService::OpenAccount(grpc::CallbackServerContext* context,
                                                       const v1::OpenAccountRequest* request,
                                                       v1::OpenAccountResponse* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto input, FromProto(ctx, in));
        ASSIGN_OR_RETURN(const auto opened, usecases::OpenAccount(tx, ctx, sealer_, input));
        ToProto(opened.account, *out.mutable_account());
        ToProto(opened.business_case, *out.mutable_case_());
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::GetAccount(grpc::CallbackServerContext* context,
                                                      const v1::GetAccountRequest* request,
                                                      v1::Account* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto id,
                                      ReadId<AccountId>("account_id", in.account_id()));
                     ASSIGN_OR_RETURN(const auto account, store::FindAccount(tx, ctx, id));
                     ToProto(account, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* AccountsService::ListAccounts(grpc::CallbackServerContext* context,
                                                        const v1::ListAccountsRequest* request,
                                                        v1::ListAccountsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), "accounts", 1));
        auto found =
            store::ListAccounts(tx, ctx, page.after.empty() ? "" : page.after[0], page.size + 1);
        if (static_cast<int>(found.size()) > page.size) {
          found.pop_back();
          out.set_next_page_token(rpc::NextToken("accounts", {found.back().number}));
        }
        for (const auto& account : found) ToProto(account, *out.add_accounts());
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::ChangeHousehold(
    grpc::CallbackServerContext* context, const v1::ChangeHouseholdRequest* request,
    v1::Account* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto id = ReadId<AccountId>("account_id", in.account_id(), bad);
                      CheckHousehold(in.household_size(), bad);
                      CheckNote(in.note(), bad);
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(
                          const auto account,
                          usecases::ChangeHousehold(tx, ctx, id, in.household_size(), in.note()));
                      ToProto(account, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* AccountsService::BindMeter(grpc::CallbackServerContext* context,
                                                     const v1::BindMeterRequest* request,
                                                     v1::Account* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto id, ReadId<AccountId>("account_id", in.account_id()));
        ASSIGN_OR_RETURN(const auto wanted, FromProto(ctx, in));
        ASSIGN_OR_RETURN(const auto account, usecases::BindMeter(tx, ctx, sealer_, id, wanted));
        ToProto(account, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::UnbindMeter(grpc::CallbackServerContext* context,
                                                       const v1::UnbindMeterRequest* request,
                                                       v1::Account* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto id, ReadId<AccountId>("account_id", in.account_id()));
        ASSIGN_OR_RETURN(const auto end, FromProto(ctx, in));
        ASSIGN_OR_RETURN(const auto account, usecases::UnbindMeter(tx, ctx, sealer_, id, end));
        ToProto(account, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::CloseAccount(grpc::CallbackServerContext* context,
                                                        const v1::CloseAccountRequest* request,
                                                        v1::Account* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto id = ReadId<AccountId>("account_id", in.account_id(), bad);
                      CheckNote(in.note(), bad);
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const auto account,
                                       usecases::CloseAccount(tx, ctx, id, in.note()));
                      ToProto(account, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* AccountsService::ListCases(grpc::CallbackServerContext* context,
                                                     const v1::ListCasesRequest* request,
                                                     v1::ListCasesResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto id,
                                      ReadId<AccountId>("account_id", in.account_id()));
                     RETURN_IF_ERROR(store::FindAccount(tx, ctx, id));
                     const std::string filter = "cases " + id.str();
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), filter, 1));
                     CaseId before;
                     if (!page.after.empty()) {
                       ASSIGN_OR_RETURN(before, ReadId<CaseId>("page_token", page.after[0]));
                     }
                     auto found = store::ListCases(tx, ctx, id, before, page.size + 1);
                     if (static_cast<int>(found.size()) > page.size) {
                       found.pop_back();
                       out.set_next_page_token(rpc::NextToken(filter, {found.back().id.str()}));
                     }
                     for (const auto& item : found) ToProto(item, *out.add_cases());
                     return {};
                   });
}

grpc::ServerUnaryReactor* AccountsService::SearchAccounts(grpc::CallbackServerContext* context,
                                                          const v1::SearchAccountsRequest* request,
                                                          v1::SearchAccountsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        if (in.limit() < 0 || in.limit() > kHitsMax) {
          return FailField("limit", "Must be 1 to 50, or 0 for 20.");
        }
        const int limit = in.limit() == 0 ? kHitsDefault : in.limit();
        ASSIGN_OR_RETURN(const auto result,
                         usecases::SearchAccounts(tx, ctx, sealer_, in.query(), limit));
        ToProto(result, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::GetAccountView(grpc::CallbackServerContext* context,
                                                          const v1::GetAccountViewRequest* request,
                                                          v1::AccountView* response) {
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto id, ReadId<AccountId>("account_id", in.account_id()));
        ASSIGN_OR_RETURN(const auto view, usecases::LoadAccountView(tx, ctx, sealer_, id));
        ToProto(view, out);
        return {};
      });
}

}  // namespace karez::accounts::api
