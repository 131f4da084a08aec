// Containers of fixed capacity that never allocate: for values that decoders fill.
// Not thread-safe; copied like plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>

namespace karez::protocols {

using Bytes = std::span<const std::byte>;

// At most N plain items. Copying copies only the items in use.
template <class T, size_t N>
class FixedVector {
  static_assert(std::is_trivially_destructible_v<T> && N <= UINT16_MAX);

 public:
  FixedVector() {}
  FixedVector(const FixedVector& other) { Assign(other); }
  FixedVector& operator=(const FixedVector& other) {
    if (this != &other) Assign(other);
    return *this;
  }

  // A new item, in place; null when the vector is full.
  T* emplace_back() {
    if (size_ == N) return nullptr;
    T* item = ::new (static_cast<void*>(storage_ + size_ * sizeof(T))) T();
    ++size_;
    return item;
  }
  // False, and nothing happens, when the vector is full.
  bool push_back(const T& item) {
    if (size_ == N) return false;
    ::new (static_cast<void*>(storage_ + size_ * sizeof(T))) T(item);
    ++size_;
    return true;
  }
  void clear() { size_ = 0; }

  T* begin() { return std::launder(reinterpret_cast<T*>(storage_)); }
  T* end() { return begin() + size_; }
  const T* begin() const { return std::launder(reinterpret_cast<const T*>(storage_)); }
  const T* end() const { return begin() + size_; }
  T& operator[](size_t i) { return begin()[i]; }
  const T& operator[](size_t i) const { return begin()[i]; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == N; }
  static constexpr size_t capacity() { return N; }

 private:
  void Assign(const FixedVector& other) {
    clear();
    for (const T& item : other) push_back(item);
  }

  uint16_t size_ = 0;
  alignas(T) std::byte storage_[N * sizeof(T)];
};

// Text of at most N bytes; what does not fit is cut off.
template <size_t N>
class FixedText {
  static_assert(N <= UINT8_MAX);

 public:
  FixedText() = default;
  explicit FixedText(std::string_view text) {
    size_ = static_cast<uint8_t>(text.size() < N ? text.size() : N);
    std::memcpy(chars_, text.data(), size_);
  }
  void push_back(char c) {
    if (size_ < N) chars_[size_++] = c;
  }
  // Room for a text of `size` bytes (at most N), to be written by the caller.
  char* Rewrite(size_t size) {
    size_ = static_cast<uint8_t>(size);
    return chars_;
  }
  std::string_view view() const { return {chars_, size_}; }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const FixedText& a, const FixedText& b) { return a.view() == b.view(); }

 private:
  uint8_t size_ = 0;
  char chars_[N] = {};
};

}  // namespace karez::protocols
