// Customers and standard addresses.
#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/accounts/api/accounts_service.h"
#include "services/accounts/api/convert.h"
#include "services/accounts/domain/text.h"
#include "services/accounts/store/address_store.h"
#include "services/accounts/store/customer_store.h"
#include "services/accounts/usecases/create_customer.h"

namespace karez::accounts::api {
namespace {

constexpr std::size_t kReasonCharactersMax = 200;

}  // namespace

grpc::ServerUnaryReactor* AccountsService::CreateCustomer(grpc::CallbackServerContext* context,
                                                          const v1::CreateCustomerRequest* request,
                                                          v1::Customer* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto customer, FromProto(in));
        usecases::CreateCustomer(tx, ctx, sealer_, customer);
        ToProto(customer, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::GetCustomer(grpc::CallbackServerContext* context,
                                                       const v1::GetCustomerRequest* request,
                                                       v1::Customer* response) {
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto id, ReadId<CustomerId>("customer_id", in.customer_id()));
        ASSIGN_OR_RETURN(const auto customer, store::FindCustomer(tx, ctx, sealer_, id));
        ToProto(customer, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::RevealCustomer(grpc::CallbackServerContext* context,
                                                          const v1::RevealCustomerRequest* request,
                                                          v1::Customer* response) {
  // The audit record that rpc::Read writes holds the reason.
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        const auto id = ReadId<CustomerId>("customer_id", in.customer_id(), bad);
        if (CleanSpaces(in.reason()).empty()) {
          bad.Add("reason", "Say why the data is needed; it is recorded.");
        } else if (CountCharacters(in.reason()) > kReasonCharactersMax) {
          bad.Add("reason", "Must be at most 200 characters.");
        }
        RETURN_IF_ERROR(bad.Check());
        ASSIGN_OR_RETURN(const auto customer, store::FindCustomer(tx, ctx, sealer_, id));
        Reveal(customer, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::CreateAddress(grpc::CallbackServerContext* context,
                                                         const v1::CreateAddressRequest* request,
                                                         v1::Address* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto names = MakeAddressNames(
                          {in.region(), in.community(), in.building(), in.unit(), in.room()}, bad);
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const auto address, usecases::CreateAddress(tx, ctx, names));
                      ToProto(address, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* AccountsService::ListAddresses(grpc::CallbackServerContext* context,
                                                         const v1::ListAddressesRequest* request,
                                                         v1::ListAddressesResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     AddressId parent;
                     if (!in.parent_id().empty()) {
                       ASSIGN_OR_RETURN(parent, ReadId<AddressId>("parent_id", in.parent_id()));
                       RETURN_IF_ERROR(store::FindAddress(tx, ctx, parent));
                     }
                     const std::string filter = "addresses " + parent.str();
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), filter, 2));
                     AddressId after;
                     if (!page.after.empty()) {
                       ASSIGN_OR_RETURN(after, ReadId<AddressId>("page_token", page.after[1]));
                     }
                     auto found = store::ListAddresses(tx, ctx, parent,
                                                       page.after.empty() ? "" : page.after[0],
                                                       after, page.size + 1);
                     if (static_cast<int>(found.size()) > page.size) {
                       found.pop_back();
                       out.set_next_page_token(
                           rpc::NextToken(filter, {found.back().name, found.back().id.str()}));
                     }
                     for (const auto& address : found) ToProto(address, *out.add_addresses());
                     return {};
                   });
}

}  // namespace karez::accounts::api
