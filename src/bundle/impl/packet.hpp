#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document.hpp"

namespace mj::bundle {

/// A packet as a bundle reads it (docs/formats/bundle.md §3.1): much less than `hj212` can, so that a stranger can do the same.
class Packet {
 public:
  /// `entry` outlives the packet. Nothing is found in an entry that is no frame or has no readable CP.
  Packet(BytesView entry, const std::optional<hj212::Sm4Key>& key);

  /// Value of the first field of that name in a group; none when there is none.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name, std::uint32_t group) const;
  /// DataTime, 14 to 17 digits; none when it is missing or something else.
  [[nodiscard]] std::optional<std::string_view> data_time() const;
  /// A field of the header: ST, CN.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Groups in which a name stands.
  [[nodiscard]] std::vector<std::uint32_t> groups_with(std::string_view name) const;
  [[nodiscard]] std::string_view device() const { return device_; }
  [[nodiscard]] bool readable() const { return readable_; }

 private:
  /// Places within the area, which is shorter than an entry.
  struct Field {
    std::uint16_t name = 0;
    std::uint16_t name_size = 0;
    std::uint16_t value = 0;
    std::uint16_t value_size = 0;
    std::uint16_t group = 0;
  };
  [[nodiscard]] std::string_view area() const { return clear_.empty() ? area_ : std::string_view(clear_); }
  [[nodiscard]] std::string_view name_of(const Field& field) const {
    return area().substr(field.name, field.name_size);
  }
  [[nodiscard]] std::string_view value_of(const Field& field) const {
    return area().substr(field.value, field.value_size);
  }
  void read_fields();
  [[nodiscard]] std::vector<Field>::const_iterator first_of(std::string_view name, std::uint32_t group) const;

  std::string_view device_;
  std::string_view head_;
  std::string_view area_;      ///< as received
  std::string clear_;          ///< decrypted; empty when it was in clear
  std::vector<Field> fields_;  ///< by name, group, place
  bool readable_ = false;
};

/// `time` filled up with zeroes to 17 digits: moments of 14 and of 17 digits compare as texts.
[[nodiscard]] std::string padded_time(std::string_view digits);

/// The packets of a bundle, each read once, when first asked for.
class Packets {
 public:
  /// `document` outlives this.
  explicit Packets(const Document& document);
  /// Of an entry that a step reads.
  [[nodiscard]] const Packet& of(std::uint64_t entry);

 private:
  const Document& document_;
  std::vector<const hj212::Sm4Key*> keys_;  ///< by place of the entry
  std::vector<std::optional<Packet>> packets_;
};

}  // namespace mj::bundle
