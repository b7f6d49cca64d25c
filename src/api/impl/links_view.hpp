#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/api/server.hpp"

namespace mj::api {

/// The connection table at one moment, and which connection speaks for a device.
class LinksView {
 public:
  explicit LinksView(const Services& services);

  /// Newest first.
  [[nodiscard]] const std::vector<LinkFigures>& links() const { return links_; }
  /// The newest connection of a device; null while it is offline.
  [[nodiscard]] const LinkFigures* of(std::string_view mn) const;

 private:
  std::vector<LinkFigures> links_;
  std::unordered_map<std::string_view, const LinkFigures*> by_device_;  ///< views into links_
};

}  // namespace mj::api
