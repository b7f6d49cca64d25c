#include "qn_source.hpp"

namespace mj::gateway {

std::string QnSource::take(Instant now) {
  std::int64_t ms = now.ms();
  while (taken_.contains(ms)) ++ms;
  remember(ms);
  return to_compact_ms(Instant::from_ms(ms));
}

void QnSource::reserve(std::string_view qn) {
  const auto at = parse_compact(qn);
  if (at && !taken_.contains(at->ms())) remember(at->ms());
}

void QnSource::remember(std::int64_t ms) {
  taken_.insert(ms);
  in_order_.push_back(ms);
  if (in_order_.size() <= kRemembered) return;
  taken_.erase(in_order_.front());
  in_order_.pop_front();
}

}  // namespace mj::gateway
