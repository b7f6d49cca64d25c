#include "links_view.hpp"

namespace mj::api {

LinksView::LinksView(const Services& services)
    : links_(services.links ? services.links() : std::vector<LinkFigures>()) {
  for (const LinkFigures& link : links_) {
    for (const std::string& mn : link.devices) by_device_.emplace(mn, &link);
  }
}

const LinkFigures* LinksView::of(std::string_view mn) const {
  const auto found = by_device_.find(mn);
  return found == by_device_.end() ? nullptr : found->second;
}

}  // namespace mj::api
