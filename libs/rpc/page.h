// page_size and page_token of list calls: keyset paging with an opaque token that carries the last
// row's key and is bound to the list's filter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/error.h"

namespace karez::rpc {

struct Page {
  int size = 50;
  std::vector<std::string> after;  // key of the last row of the page before; empty for the first
};

// Size 0 means 50, at most 1,000. INVALID_ARGUMENT for a negative size or a token that is not ours
// or belongs to another filter. `filter`: text of everything that selects rows; `key_parts`: how
// many values the key has.
Result<Page> ReadPage(std::int32_t page_size, const std::string& page_token,
                      std::string_view filter, std::size_t key_parts);
std::string NextToken(std::string_view filter, const std::vector<std::string>& key);

}  // namespace karez::rpc
