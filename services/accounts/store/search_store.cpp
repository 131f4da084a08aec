#include "services/accounts/store/search_store.h"

#include "services/accounts/store/customer_store.h"

namespace karez::accounts::store {
namespace {

constexpr pg::Query kDeleteTokens{"accounts.delete_tokens", R"sql(
  DELETE FROM search_token
   WHERE tenant_id = $1 AND account_id = $2 AND token <> ALL ($3::text[]))sql"};

constexpr pg::Query kInsertTokens{"accounts.insert_tokens", R"sql(
  INSERT INTO search_token (tenant_id, token, account_id, branch_id)
  SELECT $1, token, $2, $3
    FROM unnest($4::text[]) AS t(token)
      ON CONFLICT DO NOTHING)sql"};

// The other words are looked at among the account's own tokens, a handful.
constexpr pg::Query kFindByPrefix{"accounts.find_by_prefix", R"sql(
  SELECT t.account_id AS id, min(t.token) AS token
    FROM search_token t
   WHERE t.tenant_id = $1 AND t.token ^@ $2
     AND ($3::uuid[] IS NULL OR t.branch_id = ANY($3::uuid[]))
     AND NOT EXISTS (
           SELECT FROM unnest($4::text[], $5::text[]) AS other(word, phone)
            WHERE NOT EXISTS (
                    SELECT FROM search_token o
                     WHERE o.tenant_id = $1 AND o.account_id = t.account_id
                       AND ((substr(o.token, 3) ^@ other.word AND NOT o.token ^@ 'p:')
                            OR o.token = other.phone)))
   GROUP BY t.account_id
   ORDER BY min(t.token), t.account_id
   LIMIT $6)sql"};

constexpr pg::Query kFindByToken{"accounts.find_by_token", R"sql(
  SELECT t.account_id AS id
    FROM search_token t
   WHERE t.tenant_id = $1 AND t.token = $2
     AND ($3::uuid[] IS NULL OR t.branch_id = ANY($3::uuid[]))
     AND NOT EXISTS (
           SELECT FROM unnest($4::text[], $5::text[]) AS other(word, phone)
            WHERE NOT EXISTS (
                    SELECT FROM search_token o
                     WHERE o.tenant_id = $1 AND o.account_id = t.account_id
                       AND ((substr(o.token, 3) ^@ other.word AND NOT o.token ^@ 'p:')
                            OR o.token = other.phone)))
   ORDER BY t.account_id
   LIMIT $6)sql"};

constexpr pg::Query kLoadHits{"accounts.load_hits", R"sql(
  SELECT a.id, a.number, c.name AS customer_name, d.full_text AS address,
         COALESCE(c.phone_sealed, '') AS phone_sealed,
         ARRAY(SELECT m.meter_number FROM meter_binding m
                WHERE m.tenant_id = $1 AND m.account_id = a.id AND m.to_time IS NULL
                ORDER BY m.meter_number) AS meter_numbers,
         COALESCE(b.arrears_fen, 0) AS arrears_fen, a.state
    FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, position)
    JOIN account a ON a.tenant_id = $1 AND a.id = wanted.id
    JOIN customer c ON c.tenant_id = $1 AND c.id = a.customer_id
    JOIN address d ON d.tenant_id = $1 AND d.id = a.address_id
    LEFT JOIN balance_view b ON b.tenant_id = $1 AND b.account_id = a.id
   ORDER BY wanted.position)sql"};

std::vector<std::string> Texts(const std::vector<SearchToken>& tokens) {
  std::vector<std::string> out;
  for (const auto& token : tokens) out.push_back(token.token);
  return out;
}

std::vector<AccountId> Find(pg::Tx& tx, const Context& context, const pg::Query& query,
                            const std::string& token, const std::vector<SearchWord>& others,
                            int limit) {
  std::vector<std::string> words;
  std::vector<std::optional<std::string>> phones;
  for (const auto& other : others) {
    words.push_back(other.text);
    phones.push_back(other.phone);
  }
  std::vector<AccountId> out;
  for (const auto row :
       tx.Exec(query, context.tenant_id(), token, context.scope().Limit(), words, phones, limit)) {
    out.push_back(row.Get<AccountId>("id"));
  }
  return out;
}

}  // namespace

void ReplaceTokens(pg::Tx& tx, const Context& context, const Account& account,
                   const std::vector<SearchToken>& tokens) {
  tx.Exec(kDeleteTokens, context.tenant_id(), account.id, Texts(tokens));
  InsertTokens(tx, context, account, tokens);
}

void InsertTokens(pg::Tx& tx, const Context& context, const Account& account,
                  const std::vector<SearchToken>& tokens) {
  tx.Exec(kInsertTokens, context.tenant_id(), account.id, account.branch_id, Texts(tokens));
}

std::vector<AccountId> FindByPrefix(pg::Tx& tx, const Context& context, const std::string& prefix,
                                    const std::vector<SearchWord>& others, int limit) {
  return Find(tx, context, kFindByPrefix, prefix, others, limit);
}

std::vector<AccountId> FindByToken(pg::Tx& tx, const Context& context, const std::string& token,
                                   const std::vector<SearchWord>& others, int limit) {
  return Find(tx, context, kFindByToken, token, others, limit);
}

Result<std::vector<Hit>> LoadHits(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                  const std::vector<AccountId>& ids) {
  std::vector<Hit> out;
  if (ids.empty()) return out;
  for (const auto row : tx.Exec(kLoadHits, context.tenant_id(), ids)) {
    Hit hit;
    hit.account_id = row.Get<AccountId>("id");
    hit.number = row.Get<std::string>("number");
    hit.customer_name = row.Get<std::string>("customer_name");
    hit.address = row.Get<std::string>("address");
    ASSIGN_OR_RETURN(hit.phone, OpenPhone(context, sealer, row.GetBytes("phone_sealed")));
    hit.meter_numbers = row.Get<std::vector<std::string>>("meter_numbers");
    hit.arrears_fen = row.Get<std::int64_t>("arrears_fen");
    hit.state =
        row.Get<std::string>("state") == "open" ? Account::State::kOpen : Account::State::kClosed;
    out.push_back(std::move(hit));
  }
  return out;
}

}  // namespace karez::accounts::store
