#include "record_filter.hpp"

#include <algorithm>

namespace mj::registry {
namespace {

/// ASCII letters small; other characters have no case that a search should fold.
std::string small_letters(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

/// The region and all below it on that day.
std::set<std::string, std::less<>> below(const BookContent& content, AsOf as_of, const std::string& region) {
  std::map<std::string, std::vector<std::string>> children;
  if (const auto regions = content.kinds.find("region"); regions != content.kinds.end()) {
    for (const auto& [id, ledger] : regions->second) {
      const auto record = ledger->at("region", id, as_of.day, as_of.known_at);
      if (record) children[record->get("parent")].push_back(id);
    }
  }
  std::set<std::string, std::less<>> found{region};
  std::vector<std::string> open{region};
  while (!open.empty()) {
    const std::string at = std::move(open.back());
    open.pop_back();
    for (const std::string& child : children[at]) {
      if (found.insert(child).second) open.push_back(child);
    }
  }
  return found;
}

}  // namespace

PreparedFilter::PreparedFilter(const BookContent& content, AsOf as_of, const RecordFilter& filter)
    : filter_(filter), text_(small_letters(filter.text)) {
  if (!filter.region.empty()) regions_ = below(content, as_of, filter.region);
}

bool PreparedFilter::lets_through(const Record& record) const {
  if (filter_.state && record.state != *filter_.state) return false;
  for (const auto& [key, value] : filter_.equal) {
    if (record.get(key) != value) return false;
  }
  if (regions_) {
    const std::string& region = record.kind == "region" ? record.id : record.get("region");
    if (!regions_->contains(region)) return false;
  }
  if (text_.empty()) return true;
  const auto has = [this](std::string_view where) {
    return small_letters(where).find(text_) != std::string::npos;
  };
  return has(record.id) || has(record.get("name")) || has(record.get("name_en")) || has(record.get("reporters"));
}

}  // namespace mj::registry
