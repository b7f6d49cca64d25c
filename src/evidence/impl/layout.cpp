#include "layout.hpp"

#include <charconv>
#include <set>

namespace mj::evidence {
namespace {

constexpr std::string_view kSuffix = ".seg";
constexpr std::string_view kNewSuffix = ".seg.new";

std::string segment_name(std::uint32_t number) { return fmt::format("{:06}{}", number, kSuffix); }

}  // namespace

std::filesystem::path Layout::segment(std::uint32_t number) const { return segments() / segment_name(number); }

std::filesystem::path Layout::new_segment(std::uint32_t number) const {
  return segments() / (segment_name(number) + ".new");
}

std::filesystem::path Layout::hashes(unsigned tile_level) const {
  return tree() / fmt::format("hashes.{}", tile_level);
}

std::optional<std::uint32_t> segment_number(std::string_view file_name) {
  if (!file_name.ends_with(kSuffix)) return std::nullopt;
  std::uint32_t number = 0;
  const auto parsed =
      std::from_chars(file_name.data(), file_name.data() + file_name.size() - kSuffix.size(), number);
  // Exactly one name a number: "7.seg" or "0000007.seg" is not ours.
  if (parsed.ec != std::errc{} || segment_name(number) != file_name) return std::nullopt;
  return number;
}

Result<SegmentNames> list_segments(const Layout& layout) {
  SegmentNames names;
  std::set<std::uint32_t> numbers;
  std::error_code failure;
  std::filesystem::directory_iterator entries(layout.segments(), failure);
  if (!failure) {
    for (const auto end = std::filesystem::directory_iterator(); entries != end && !failure;
         entries.increment(failure)) {
      const std::string name = entries->path().filename().string();
      if (const auto number = segment_number(name)) {
        numbers.insert(*number);
      } else {
        (name.ends_with(kNewSuffix) ? names.unfinished : names.strangers).push_back(entries->path());
      }
    }
  }
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot list {}: {}", layout.segments().string(), failure.message()));
  }
  names.count = static_cast<std::uint32_t>(numbers.size());
  if (!numbers.empty() && *numbers.rbegin() + 1 != names.count) {
    std::uint32_t missing = 0;
    while (numbers.contains(missing)) ++missing;
    return Error(ErrorCode::damaged, fmt::format("segment {:06} is missing", missing));
  }
  return names;
}

}  // namespace mj::evidence
