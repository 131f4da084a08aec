#include "services/accounts/usecases/search_accounts.h"

#include <algorithm>

#include "services/accounts/usecases/write_account.h"

namespace karez::accounts::usecases {

Result<SearchResult> SearchAccounts(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                    const std::string& query, int limit) {
  ASSIGN_OR_RETURN(const auto words, ParseQuery(query, HashOf(context, sealer)));
  const auto& first = words.front();
  const std::vector<SearchWord> others(words.begin() + 1, words.end());
  const int wanted = limit + 1;
  std::vector<AccountId> ids;
  SearchResult out;
  const auto take = [&](TokenKind kind, const std::vector<AccountId>& found) {
    for (const auto& id : found) {
      if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
      ids.push_back(id);
      out.matched.push_back(kind);
    }
  };
  // Each kind may find again what an earlier one has, so it is asked for as many as could be new.
  for (const auto& token : first.tokens) {
    const int have = static_cast<int>(ids.size());
    if (have >= wanted) break;
    take(token.kind, token.kind == TokenKind::kPhone
                         ? store::FindByToken(tx, context, token.token, others, wanted + have)
                         : store::FindByPrefix(tx, context, token.token, others, wanted + have));
  }
  out.more = static_cast<int>(ids.size()) > limit;
  if (out.more) {
    ids.resize(static_cast<std::size_t>(limit));
    out.matched.resize(ids.size());
  }
  ASSIGN_OR_RETURN(out.hits, store::LoadHits(tx, context, sealer, ids));
  return out;
}

}  // namespace karez::accounts::usecases
