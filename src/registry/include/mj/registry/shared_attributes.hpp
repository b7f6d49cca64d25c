#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mj::registry {

/// Attribute → canonical text; what is not known has no place in it.
using Attributes = std::map<std::string, std::string, std::less<>>;

/// Attributes that a record's history, its snapshots and its points share; a copy costs nothing, a change makes its own.
/// Thread: as a map's.
class SharedAttributes {
 public:
  SharedAttributes() = default;
  SharedAttributes(Attributes attributes)  // NOLINT(google-explicit-constructor) a map is what it is
      : kept_(std::make_shared<const Attributes>(std::move(attributes))) {}

  operator const Attributes&() const { return get(); }  // NOLINT(google-explicit-constructor) read as a map
  [[nodiscard]] const Attributes& get() const {
    static const Attributes kNone;
    return kept_ ? *kept_ : kNone;
  }
  [[nodiscard]] Attributes::const_iterator begin() const { return get().begin(); }
  [[nodiscard]] Attributes::const_iterator end() const { return get().end(); }
  [[nodiscard]] Attributes::const_iterator find(std::string_view key) const { return get().find(key); }
  [[nodiscard]] bool contains(std::string_view key) const { return get().contains(key); }
  [[nodiscard]] bool empty() const { return get().empty(); }
  [[nodiscard]] std::size_t size() const { return get().size(); }
  /// A value to write to; nobody else sees what is written.
  std::string& operator[](std::string_view key) {
    auto own = std::make_shared<Attributes>(get());
    std::string& value = (*own)[std::string(key)];
    kept_ = std::move(own);
    return value;
  }
  bool operator==(const SharedAttributes& other) const { return kept_ == other.kept_ || get() == other.get(); }

 private:
  std::shared_ptr<const Attributes> kept_;
};

}  // namespace mj::registry
