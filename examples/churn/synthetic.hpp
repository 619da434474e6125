// SPDX-License-Identifier: MIT
#ifndef CHURN_SYNTHETIC_HPP
#define CHURN_SYNTHETIC_HPP

#include "table.hpp"

namespace churn {

/// A table for those who have none: rows that look like a bank's customers. No logarithm and no
/// exponential, so that every machine draws the same. The lines below say how the columns are
/// distributed; a customer leaves with the probability (1 + s / sqrt(1 + s^2)) / 2, about one in
/// five. Age and products act on the score s without being monotone, and age, activity, balance and
/// products act together.
inline std::vector<Customer> synthetic_table() {
    nninit::Philox rng = nninit::Philox(1).stream("synthetic table");
    const auto uniform = [&] { return static_cast<double>(rng() >> 8U) / 16777216.0; };
    const auto chance = [&](double probability) { return uniform() < probability; };
    const auto bell = [&] { // about standard normal, between -6 and 6
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += uniform();
        return sum;
    };
    std::vector<Customer> customers(10'000);
    for (Customer& customer : customers) {
        const double credit = std::clamp(std::round(650 + 97 * bell()), 350.0, 850.0);
        const double place = uniform(); // half France, a quarter Germany, a quarter Spain
        const bool german = place >= 0.5 && place < 0.75, spanish = place >= 0.75;
        const bool male = chance(0.545);
        const double spread = uniform() + uniform(), tail = uniform();
        const double age = std::floor(18 + 15 * spread + 36 * tail * tail * tail * tail);
        const double tenure = std::floor(11 * uniform());
        const bool has_balance = !chance(0.5) || german;
        const double balance = has_balance ? std::max(1000.0, 120000 + 30000 * bell()) : 0;
        const double share = uniform();
        const int products = share < 0.51 ? 1 : share < 0.97 ? 2 : share < 0.995 ? 3 : 4;
        const bool has_card = chance(0.705), active = chance(0.515);
        const double salary = 200000 * uniform(); // of no influence

        const double distance = (age - 57) / 18;
        const double hump = std::max(0.0, 1 - distance * distance); // over the ages of 39 to 75
        constexpr std::array<double, 4> by_products{0.3, -0.4, 2.5, 4.0};
        double s = -2.65 + 2 * hump + by_products[static_cast<std::size_t>(products - 1)];
        if (german) s += 0.6;
        if (!male) s += 0.35;
        if (!active) s += 0.3 + 1.2 * hump;
        if (has_balance && products == 1) s += 0.3;
        const bool exited = chance(0.5 * (1 + s / std::sqrt(1 + s * s)));
        const auto number = [](bool is) { return is ? 1.0 : 0.0; };
        customer = {credit,
                    number(german),
                    number(spanish),
                    number(male),
                    age,
                    tenure,
                    balance,
                    static_cast<double>(products),
                    number(has_card),
                    number(active),
                    salary,
                    number(exited)};
    }
    return customers;
}

} // namespace churn

#endif
