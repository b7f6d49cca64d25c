#pragma once

#include <optional>
#include <set>
#include <string>

#include "ledger.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

/// A filter made ready for many records of one day.
class PreparedFilter {
 public:
  PreparedFilter(const BookContent& content, AsOf as_of, const RecordFilter& filter);
  [[nodiscard]] bool lets_through(const Record& record) const;

 private:
  const RecordFilter& filter_;
  std::string text_;                                           ///< in small letters
  std::optional<std::set<std::string, std::less<>>> regions_;  ///< the region and all below it
};

}  // namespace mj::registry
