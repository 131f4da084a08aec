#include "libs/rpc/imports.h"

#include <charconv>

#include "libs/rpc/page.h"

namespace karez::rpc {

Result<jobs::Operation> FindImport(pg::Tx& tx, const Context& context, const jobs::Imports& imports,
                                   const std::string& import_id) {
  const auto id = jobs::OperationId::Parse(import_id);
  if (!id) return FailField("import_id", "Must be a UUID.");
  auto operation = jobs::Get(tx, context, *id);
  if (!operation || operation->kind != imports.kind()) {
    return Fail(Code::kNotFound, "IMPORT_NOT_FOUND", "No import has this import_id.");
  }
  return operation;
}

Result<ImportRowsPage> ReadImportRows(pg::Tx& tx, const Context& context,
                                      const jobs::Imports& imports, const std::string& import_id,
                                      common::v1::ImportRow::State state, std::int32_t page_size,
                                      const std::string& page_token) {
  ASSIGN_OR_RETURN(const auto operation, FindImport(tx, context, imports, import_id));
  const std::string state_name = RowStateName(state);
  const std::string filter = "import rows " + operation.id.str() + " " + state_name;
  ASSIGN_OR_RETURN(const auto page, ReadPage(page_size, page_token, filter, 1));
  int after = 0;
  if (!page.after.empty()) {
    const auto& text = page.after[0];
    std::from_chars(text.data(), text.data() + text.size(), after);
  }
  ImportRowsPage out;
  out.rows = jobs::ListRows(tx, context, operation.id, state_name, after, page.size + 1);
  if (static_cast<int>(out.rows.size()) > page.size) {
    out.rows.pop_back();
    out.next_token = NextToken(filter, {std::to_string(out.rows.back().line)});
  }
  return out;
}

}  // namespace karez::rpc
