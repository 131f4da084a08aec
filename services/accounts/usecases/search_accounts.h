// The one search box.
#pragma once

#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/search.h"
#include "services/accounts/store/search_store.h"

namespace karez::accounts::usecases {

struct SearchResult {
  std::vector<store::Hit> hits;
  std::vector<TokenKind> matched;  // of each hit
  bool more = false;               // there are more than the limit
};

// By number first, then meter, phone, name, community, address. INVALID_ARGUMENT for field query.
Result<SearchResult> SearchAccounts(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                    const std::string& query, int limit);

}  // namespace karez::accounts::usecases
