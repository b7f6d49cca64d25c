#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "mj/standards/standard_set.hpp"

namespace mj::standards {

/// Something that is wrong with a set of standards although every cell of it can be read.
struct Fault {
  std::string place;  ///< file and line, or the edition
  std::string text;
};

/// What a look over a whole set found 标准库检查.
struct Audit {
  std::vector<Fault> faults;
  std::size_t editions = 0;
  std::size_t tables = 0;
  std::size_t rows = 0;                    ///< that count
  std::array<std::size_t, 4> by_state{};   ///< rows by Verification
  std::size_t local = 0;                   ///< rows from local files
  std::size_t replaced = 0;                ///< rows, or parts of them, that local files replaced
  std::vector<std::string> unverified_in;  ///< "GB 13223-2011: 44 of 44 rows", editions with UNVERIFIED rows
};

/// Looks for: rows of one key that leave days without any; rows beyond the life of their edition; editions of one number
/// that overlap or leave days between them; superseded editions that do not exist or are still in force; units that no
/// table of units has. (Overlapping rows and unreadable cells are refused when a set is loaded.) Editions of HJ 212
/// overlap on purpose: devices of all of them speak at the same time.
[[nodiscard]] Audit audit(const StandardSet& standards);

}  // namespace mj::standards
