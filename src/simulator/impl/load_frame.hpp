#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mj/simulator/load.hpp"

namespace mj::simulator {

/// Writes load frames without allocation: a prebuilt frame whose varying digits are patched. The HJ CRC is linear over
/// GF(2) apart from its start value, so it is the CRC of the frame with zeros for all varying digits, xor one
/// precomputed word for each digit.
class LoadFrameWriter {
 public:
  explicit LoadFrameWriter(const LoadPlan& plan);

  /// Bytes of every frame.
  [[nodiscard]] std::size_t size() const { return template_.size(); }
  /// Writes size() bytes at `out`.
  void write(char* out, std::uint32_t device, std::uint32_t sequence, std::uint64_t request);

  /// QN of a request: its moment is 2026-01-01 00:00 Beijing plus `request` milliseconds.
  [[nodiscard]] static std::string qn(std::uint64_t request);
  static constexpr std::int64_t kQnBaseMs = 1'767'196'800'000;  ///< 2026-01-01 00:00 Beijing
  /// Whether `mn` is LoadPlan::mn(device), without building it.
  [[nodiscard]] static bool is_mn(std::string_view mn, std::uint32_t device);

 private:
  /// Digits at `at` in the frame, written and accounted for in the CRC.
  struct Cached {
    std::uint64_t key = UINT64_MAX;
    std::array<char, 14> digits{};
    std::uint16_t crc = 0;
  };
  void refresh(Cached& cached, std::uint64_t key, Instant moment, std::size_t at);
  std::uint16_t patch(char* out, std::size_t at, const char* digits, std::size_t count) const;

  LoadPlan plan_;
  std::string template_;
  std::size_t qn_at_ = 0;
  std::size_t mn_at_ = 0;
  std::size_t time_at_ = 0;
  std::array<std::size_t, 10> value_at_{};
  std::size_t crc_at_ = 0;
  std::uint16_t base_crc_ = 0;
  std::vector<std::array<std::uint16_t, 10>> weight_;  ///< [position in the frame][digit]
  Cached second_;                                      ///< the QN up to its seconds
  Cached time_;                                        ///< DataTime
};

}  // namespace mj::simulator
