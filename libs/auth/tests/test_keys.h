// Fresh Ed25519 keys for tests, and a directory of public ones.
#pragma once

#include <filesystem>
#include <string>

namespace karez::auth {

struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};
KeyPair NewKeyPair();
// A P-256 key: a good PEM of the wrong kind.
KeyPair NewEcKeyPair();

// Removed with everything in it when destroyed.
class KeyFolder {
 public:
  KeyFolder();
  ~KeyFolder();
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;
  void Put(const std::string& issuer, const std::string& pem) const;
  void Remove(const std::string& issuer) const;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace karez::auth
