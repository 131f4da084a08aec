// The rows of an answer, read by column name. Rows, Row and Iterator share the data and keep it
// alive; a Field only lives as long as one of them. All of them belong to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/uuid.h"

namespace pqxx {
class result;
}

namespace karez::pg {

// One value. Reading NULL without optional, or a text that is not of the type, is a bug of ours and
// throws std::logic_error.
class Field {
 public:
  Field(std::optional<std::string_view> text, std::string_view column)
      : text_(text), column_(column) {}
  bool is_null() const { return !text_.has_value(); }

  template <class T>
  T As() const {
    T out{};
    Read(out);
    return out;
  }

 private:
  std::string_view Text() const;
  void Read(std::string& out) const;
  void Read(std::int64_t& out) const;
  void Read(std::int32_t& out) const;
  void Read(bool& out) const;
  void Read(Uuid& out) const;
  void Read(Instant& out) const;
  void Read(LocalDate& out) const;
  void Read(std::vector<std::int64_t>& out) const;
  void Read(std::vector<std::string>& out) const;
  void Read(std::vector<Uuid>& out) const;
  template <class Tag>
  void Read(Id<Tag>& out) const {
    out = Id<Tag>(As<Uuid>());
  }
  template <class T>
  void Read(std::optional<T>& out) const {
    if (is_null()) {
      out.reset();
    } else {
      out = As<T>();
    }
  }

  std::optional<std::string_view> text_;
  std::string_view column_;
};

class Row {
 public:
  Row(std::shared_ptr<const pqxx::result> result, std::size_t index)
      : result_(std::move(result)), index_(index) {}
  // A column the statement does not select is a bug and throws std::logic_error.
  Field operator[](const char* column) const;
  template <class T>
  T Get(const char* column) const {
    return (*this)[column].As<T>();
  }
  // bytea comes apart from text, since both are std::string here.
  std::string GetBytes(const char* column) const;

 private:
  std::shared_ptr<const pqxx::result> result_;
  std::size_t index_;
};

class Rows {
 public:
  explicit Rows(std::shared_ptr<const pqxx::result> result);
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Rows changed by INSERT, UPDATE or DELETE.
  std::int64_t affected() const;
  Row operator[](std::size_t index) const { return Row(result_, index); }
  // The only row; more or fewer is a bug of ours and throws std::logic_error.
  Row One() const;

  class Iterator {
   public:
    Iterator(std::shared_ptr<const pqxx::result> result, std::size_t index)
        : result_(std::move(result)), index_(index) {}
    Row operator*() const { return Row(result_, index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    std::shared_ptr<const pqxx::result> result_;
    std::size_t index_;
  };
  Iterator begin() const { return {result_, 0}; }
  Iterator end() const { return {result_, size_}; }

 private:
  std::shared_ptr<const pqxx::result> result_;
  std::size_t size_;
};

}  // namespace karez::pg
