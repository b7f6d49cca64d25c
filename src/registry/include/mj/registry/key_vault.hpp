#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj::registry {

/// Seals small secrets (SM4 keys of devices) under a master key that never leaves its file 密钥保管: AES-256-GCM, bound
/// to a context so that a sealed key cannot be moved to another device. Thread: any.
class KeyVault {
 public:
  /// Opens or creates the master key `file` (32 random bytes, readable by its owner only). Errors: unavailable; damaged
  /// when the file has another size.
  [[nodiscard]] static Result<KeyVault> open(const std::filesystem::path& file);

  /// Base64 of nonce, cipher text and tag.
  [[nodiscard]] Result<std::string> seal(std::string_view secret, std::string_view context) const;
  /// Errors: damaged when it was not sealed under this master key and context.
  [[nodiscard]] Result<std::string> open_sealed(std::string_view sealed, std::string_view context) const;

 private:
  struct Master;
  std::shared_ptr<const Master> master_;
};

}  // namespace mj::registry
