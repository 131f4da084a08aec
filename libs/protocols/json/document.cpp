#include "libs/protocols/json/document.h"

#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>

#include <simdjson.h>

namespace karez::protocols::json {
namespace {

namespace dom = simdjson::dom;

template <class T>
T As(const std::array<std::byte, 16>& storage) {
  static_assert(sizeof(T) == 16 && std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(static_cast<void*>(&value), storage.data(), sizeof value);
  return value;
}

template <class T>
void Keep(const T& value, std::array<std::byte, 16>& storage) {
  static_assert(sizeof(T) == 16 && std::is_trivially_copyable_v<T>);
  std::memcpy(storage.data(), static_cast<const void*>(&value), sizeof value);
}

Type TypeOf(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY:
      return Type::kArray;
    case dom::element_type::OBJECT:
      return Type::kObject;
    case dom::element_type::INT64:
      return Type::kInteger;
    case dom::element_type::UINT64:
      return Type::kUnsigned;
    case dom::element_type::DOUBLE:
      return Type::kDouble;
    case dom::element_type::STRING:
      return Type::kString;
    case dom::element_type::BOOL:
      return Type::kBool;
    case dom::element_type::NULL_VALUE:
      return Type::kNull;
  }
  return Type::kNull;
}

}  // namespace

struct Parser::State {
  dom::parser parser{kMaxSize};
};

Parser::Parser() : state_(std::make_unique<State>()) {
  // The depth can only be told together with a size; the size grows by itself.
  constexpr size_t kFirstSize = 4096;
  if (state_->parser.allocate(kFirstSize, kMaxDepth) != simdjson::SUCCESS) throw std::bad_alloc();
}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

std::optional<Value> Parser::Parse(std::string_view text) {
  if (text.empty() || text.size() > kMaxSize) return std::nullopt;
  dom::element root;
  if (state_->parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  Value value;
  Keep(root, value.element_);
  value.type_ = TypeOf(root);
  return value;
}

Value Value::operator[](std::string_view key) const {
  Value value;
  if (type_ != Type::kObject) return value;
  dom::element found;
  if (As<dom::element>(element_).at_key(key).get(found) != simdjson::SUCCESS) return value;
  Keep(found, value.element_);
  value.type_ = TypeOf(found);
  return value;
}

std::optional<std::string_view> Value::String() const {
  if (type_ != Type::kString) return std::nullopt;
  return As<dom::element>(element_).get_string().value_unsafe();
}

std::optional<bool> Value::Bool() const {
  if (type_ != Type::kBool) return std::nullopt;
  return As<dom::element>(element_).get_bool().value_unsafe();
}

std::optional<int64_t> Value::Integer() const {
  if (type_ == Type::kInteger) return As<dom::element>(element_).get_int64().value_unsafe();
  if (type_ != Type::kDouble) return std::nullopt;
  constexpr double kExact = 9007199254740992.0;
  const double number = *Double();
  if (number != std::trunc(number) || std::abs(number) >= kExact) return std::nullopt;
  return static_cast<int64_t>(number);
}

std::optional<double> Value::Double() const {
  if (type_ != Type::kInteger && type_ != Type::kUnsigned && type_ != Type::kDouble) {
    return std::nullopt;
  }
  return As<dom::element>(element_).get_double().value_unsafe();
}

Value::Iterator Value::begin() const {
  Iterator iterator;
  if (type_ == Type::kObject) {
    iterator.object_ = true;
    Keep(As<dom::element>(element_).get_object().value_unsafe().begin(), iterator.place_);
  } else if (type_ == Type::kArray) {
    Keep(As<dom::element>(element_).get_array().value_unsafe().begin(), iterator.place_);
  }
  return iterator;
}

Value::Iterator Value::end() const {
  Iterator iterator;
  if (type_ == Type::kObject) {
    iterator.object_ = true;
    Keep(As<dom::element>(element_).get_object().value_unsafe().end(), iterator.place_);
  } else if (type_ == Type::kArray) {
    Keep(As<dom::element>(element_).get_array().value_unsafe().end(), iterator.place_);
  }
  return iterator;
}

size_t Value::size() const {
  if (type_ == Type::kObject) {
    return As<dom::element>(element_).get_object().value_unsafe().size();
  }
  if (type_ == Type::kArray) return As<dom::element>(element_).get_array().value_unsafe().size();
  return 0;
}

Value Value::Iterator::operator*() const {
  const dom::element element =
      object_ ? As<dom::object::iterator>(place_).value() : *As<dom::array::iterator>(place_);
  Value value;
  Keep(element, value.element_);
  value.type_ = TypeOf(element);
  return value;
}

std::string_view Value::Iterator::key() const {
  return object_ ? As<dom::object::iterator>(place_).key() : std::string_view();
}

Value::Iterator& Value::Iterator::operator++() {
  if (object_) {
    auto at = As<dom::object::iterator>(place_);
    Keep(++at, place_);
  } else {
    auto at = As<dom::array::iterator>(place_);
    Keep(++at, place_);
  }
  return *this;
}

bool Value::Iterator::operator!=(const Iterator& other) const { return place_ != other.place_; }

}  // namespace karez::protocols::json
