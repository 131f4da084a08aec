#include "libs/pg/rows.h"

#include <charconv>
#include <stdexcept>

#include <pqxx/pqxx>

#include "libs/base/bytes.h"

namespace karez::pg {
namespace {

template <class T>
void ReadInteger(std::string_view text, std::string_view column, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::logic_error("column " + std::string(column) + " is no integer of its size");
  }
}

// The elements of an array literal without nesting or NULL.
std::vector<std::string> SplitArray(std::string_view text) {
  std::vector<std::string> out;
  if (text.size() < 2) throw std::logic_error("no array literal");
  text = text.substr(1, text.size() - 2);
  if (text.empty()) return out;
  std::string item;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      item += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted) {
      out.push_back(std::move(item));
      item.clear();
    } else {
      item += text[i];
    }
  }
  out.push_back(std::move(item));
  return out;
}

}  // namespace

std::string_view Field::Text() const {
  if (!text_) throw std::logic_error("column " + std::string(column_) + " is NULL");
  return *text_;
}

void Field::Read(std::string& out) const { out = Text(); }
void Field::Read(std::int64_t& out) const { ReadInteger(Text(), column_, out); }
void Field::Read(std::int32_t& out) const { ReadInteger(Text(), column_, out); }
void Field::Read(bool& out) const { out = Text() == "t"; }

void Field::Read(Uuid& out) const {
  const auto parsed = Uuid::Parse(Text());
  if (!parsed) throw std::logic_error("column " + std::string(column_) + " is no uuid");
  out = *parsed;
}

// Sessions run with TimeZone UTC and ISO dates: "2026-05-01 08:00:00.123+00".
void Field::Read(Instant& out) const {
  std::string text(Text());
  if (text.size() > 10) text[10] = 'T';
  if (text.ends_with("+00")) text.replace(text.size() - 3, 3, "Z");
  const auto parsed = ParseInstant(text);
  if (!parsed) throw std::logic_error("column " + std::string(column_) + " is no timestamptz");
  out = *parsed;
}

void Field::Read(LocalDate& out) const {
  const auto parsed = ParseDate(Text());
  if (!parsed) throw std::logic_error("column " + std::string(column_) + " is no date");
  out = *parsed;
}

void Field::Read(std::vector<std::string>& out) const { out = SplitArray(Text()); }

void Field::Read(std::vector<std::int64_t>& out) const {
  out.clear();
  for (const auto& item : SplitArray(Text())) {
    std::int64_t value = 0;
    ReadInteger(item, column_, value);
    out.push_back(value);
  }
}

void Field::Read(std::vector<Uuid>& out) const {
  out.clear();
  for (const auto& item : SplitArray(Text())) out.push_back(Field(item, column_).As<Uuid>());
}

Field Row::operator[](const char* column) const {
  try {
    const auto field = (*result_)[static_cast<pqxx::result::size_type>(index_)].at(column);
    if (field.is_null()) return {std::nullopt, column};
    return {std::string_view(field.c_str(), field.size()), column};
  } catch (const pqxx::argument_error&) {
    throw std::logic_error(std::string("the statement selects no column ") + column);
  }
}

std::string Row::GetBytes(const char* column) const {
  const auto text = Get<std::string>(column);
  const auto bytes = FromHex(std::string_view(text).substr(2));  // after "\x"
  if (!bytes) throw std::logic_error(std::string("column ") + column + " is no bytea");
  return *bytes;
}

Rows::Rows(std::shared_ptr<const pqxx::result> result)
    : result_(std::move(result)), size_(static_cast<std::size_t>(result_->size())) {}

std::int64_t Rows::affected() const { return static_cast<std::int64_t>(result_->affected_rows()); }

Row Rows::One() const {
  if (size_ != 1) throw std::logic_error("expected one row, got " + std::to_string(size_));
  return (*this)[0];
}

}  // namespace karez::pg
