#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace mj {

/// A number that names one kind of thing and cannot be mistaken for another kind.
template <typename Tag, typename Raw = std::uint64_t>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(Raw raw) : raw_(raw) {}
  [[nodiscard]] constexpr Raw raw() const { return raw_; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  Raw raw_{};
};

}  // namespace mj

template <typename Tag, typename Raw>
struct std::hash<mj::Id<Tag, Raw>> {
  std::size_t operator()(mj::Id<Tag, Raw> id) const { return std::hash<Raw>{}(id.raw()); }
};
