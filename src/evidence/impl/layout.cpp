#include "layout.hpp"

#include <charconv>
#include <set>

namespace mj::evidence {
namespace {

constexpr std::array<std::pair<SegmentForm, std::string_view>, 3> kSuffixes{
    {{SegmentForm::raw, ".seg"}, {SegmentForm::compressed, ".seg.zst"}, {SegmentForm::retired, ".retired"}}};

constexpr std::string_view kUnfinishedSuffix = ".new";

std::string file_name(std::uint32_t number, SegmentForm form) {
  return fmt::format("{:06}{}", number, kSuffixes[static_cast<std::size_t>(form)].second);
}

}  // namespace

std::filesystem::path Layout::segment(std::uint32_t number) const {
  return segments() / file_name(number, SegmentForm::raw);
}

std::filesystem::path Layout::new_segment(std::uint32_t number) const {
  return segments() / (file_name(number, SegmentForm::raw) + std::string(kUnfinishedSuffix));
}

std::filesystem::path Layout::compressed_segment(std::uint32_t number) const {
  return segments() / file_name(number, SegmentForm::compressed);
}

std::filesystem::path Layout::retired_segment(std::uint32_t number) const {
  return segments() / file_name(number, SegmentForm::retired);
}

std::filesystem::path Layout::hashes(unsigned tile_level, evidence_format::HashAlgorithm algorithm) const {
  const bool sm3 = algorithm == evidence_format::HashAlgorithm::sm3;
  return tree() / fmt::format("{}.{}", sm3 ? "sm3" : "hashes", tile_level);
}

std::filesystem::path Layout::key(std::uint64_t number, evidence_format::KeyKind kind) const {
  return keys() / fmt::format("{}-{}.pem", number, kind == evidence_format::KeyKind::sm2_sm3 ? "sm2" : "ed25519");
}

std::optional<SegmentName> segment_name(std::string_view name) {
  for (const auto& [form, suffix] : kSuffixes) {
    if (!name.ends_with(suffix)) continue;
    SegmentName parsed{0, form};
    const auto digits = std::from_chars(name.data(), name.data() + name.size() - suffix.size(), parsed.number);
    // Exactly one name a number: "7.seg" or "0000007.seg" is not ours.
    if (digits.ec == std::errc{} && file_name(parsed.number, form) == name) return parsed;
  }
  return std::nullopt;
}

/// A form of a segment that does not have its name yet.
static bool is_unfinished(std::string_view name) {
  return name.ends_with(kUnfinishedSuffix) &&
         segment_name(name.substr(0, name.size() - kUnfinishedSuffix.size())).has_value();
}

Result<SegmentNames> list_segments(const Layout& layout) {
  SegmentNames names;
  std::set<std::pair<std::uint32_t, SegmentForm>> found;
  std::error_code failure;
  std::filesystem::directory_iterator entries(layout.segments(), failure);
  if (!failure) {
    for (const auto end = std::filesystem::directory_iterator(); entries != end && !failure;
         entries.increment(failure)) {
      const std::string name = entries->path().filename().string();
      if (const auto segment = segment_name(name)) {
        found.emplace(segment->number, segment->form);
      } else {
        (is_unfinished(name) ? names.unfinished : names.strangers).push_back(entries->path());
      }
    }
  }
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot list {}: {}", layout.segments().string(), failure.message()));
  }
  if (found.empty()) return names;
  names.count = found.rbegin()->first + 1;
  for (std::uint32_t number = 0; number < names.count; ++number) {
    const auto begin = found.lower_bound({number, SegmentForm::raw});
    if (begin != found.end() && begin->first == number) {
      names.forms.push_back(begin->second);
      for (auto other = std::next(begin); other != found.end() && other->first == number; ++other) {
        names.superseded.push_back(layout.segments() / file_name(number, other->second));
      }
      continue;
    }
    // One that changed its form while the directory was read may have been in neither place.
    const auto now = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const auto& suffix) {
      return std::filesystem::exists(layout.segments() / file_name(number, suffix.first), failure);
    });
    if (now == kSuffixes.end()) {
      return Error(ErrorCode::damaged, fmt::format("segment {:06} is missing", number));
    }
    names.forms.push_back(now->first);
  }
  return names;
}

}  // namespace mj::evidence
