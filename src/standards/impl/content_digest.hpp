#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mj::standards {

/// SHA-256 over (name, length, content) of every file in order.
class ContentDigest {
 public:
  ContentDigest();
  void add(std::string_view name, std::string_view content);
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;  ///< EVP_MD_CTX
};

}  // namespace mj::standards
