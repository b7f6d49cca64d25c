#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

struct zip;

namespace mj::workbook {

/// The parts of a zipped package, read from memory; together they may unpack to so many bytes and not more.
class ZipParts {
 public:
  [[nodiscard]] static Result<ZipParts> open(std::string_view bytes, std::size_t max_bytes);

  /// A part by its name; empty when there is none of this name.
  /// Errors: invalid_input when it is damaged or too large.
  [[nodiscard]] Result<std::optional<std::string>> part(const std::string& name);

 private:
  struct Close {
    void operator()(::zip* archive) const;
  };
  explicit ZipParts(::zip* archive, std::size_t max_bytes) : archive_(archive), left_(max_bytes) {}
  std::unique_ptr<::zip, Close> archive_;
  std::size_t left_;
};

}  // namespace mj::workbook
