#pragma once

#include "gather.hpp"

namespace mj::statistics {

/// What cells must hold so that statistics can be made of them.
[[nodiscard]] GatherNeeds needs_of(std::span<const Statistic> statistics);

/// Errors: invalid_input when exceedance is asked for without a limit, or with one that does not exist.
[[nodiscard]] Status check_threshold(const TableQuery& query, bool judged);

/// Digits of means and what is like them: those asked for, else one more than the data.
[[nodiscard]] std::uint8_t digits_of_means(const TableQuery& query, std::uint8_t of_data);

/// A statistic of a cell, as it is shown.
[[nodiscard]] std::optional<Decimal> figure_of(const Statistic& statistic, Cell& cell, Combine combine,
                                               std::uint8_t digits);

/// "%" of rates, empty of counts.
[[nodiscard]] std::string unit_of(const Statistic& statistic, const std::string& of_factor);

}  // namespace mj::statistics
