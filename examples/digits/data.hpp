// SPDX-License-Identifier: MIT
#ifndef DIGITS_DATA_HPP
#define DIGITS_DATA_HPP

#include "file.hpp"

#include <nninit/nninit.hpp>

#include <algorithm>
#include <array>

namespace digits {

using Eigen::Index;

/// Square images, one byte a pixel, row after row.
struct Images {
    Index side;
    std::string pixels;
    std::string labels; // bytes 0 to 9

    Index size() const { return static_cast<Index>(labels.size()); }
};

/// A digit as one line through corners of the figure 8, which are numbered 0 1 / 2 3 / 4 5.
inline constexpr std::array<std::string_view, 10> strokes{
    "0135420", "135",     "013245", "0132354",  "023135",
    "102354",  "1024532", "0135",   "20132453", "3201354"};

/// An image of 16 x 16: a digit of random place, size, slant, corners, thickness and brightness,
/// with noise.
inline void draw(int digit, nninit::Philox rng, char* pixels) {
    constexpr int side = 16;
    const auto uniform = [&](float low, float high) {
        return low + (high - low) * static_cast<float>(rng() >> 8) * 0x1p-24F;
    };
    const float x = uniform(6, 9), y = uniform(6, 9);
    const float half_width = uniform(2.2F, 3.6F), half_height = uniform(4, 5.6F);
    const float slant = uniform(-0.4F, 0.4F);
    const float radius = uniform(0.3F, 0.9F), ink = uniform(0.6F, 1);
    std::array<Eigen::Vector2f, 6> corners;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const float up = i < 2 ? half_height : i < 4 ? 0 : -half_height;
        corners[i] = {x + (i % 2 == 0 ? -half_width : half_width) + slant * up +
                          uniform(-0.7F, 0.7F),
                      y - up + uniform(-0.7F, 0.7F)};
    }
    Eigen::Matrix<float, side, side> image;
    nninit::Normal{.stddev = 0.1}(image, rng);
    const std::string_view stroke = strokes[static_cast<std::size_t>(digit)];
    const auto corner = [&](std::size_t i) {
        return corners[static_cast<std::size_t>(stroke[i] - '0')];
    };
    for (int row = 0; row < side; ++row)
        for (int col = 0; col < side; ++col) {
            const Eigen::Vector2f pixel(static_cast<float>(col), static_cast<float>(row));
            float distance = side;
            for (std::size_t i = 1; i < stroke.size(); ++i) {
                const Eigen::Vector2f from = corner(i - 1), along = corner(i) - from;
                const float t = (pixel - from).dot(along) / along.squaredNorm();
                distance =
                    std::min(distance, (pixel - from - std::clamp(t, 0.0F, 1.0F) * along).norm());
            }
            const float value =
                image(row, col) + ink * std::clamp(radius + 1 - distance, 0.0F, 1.0F);
            *pixels++ = static_cast<char>(static_cast<int>(255 * std::clamp(value, 0.0F, 1.0F)));
        }
}

/// Image i depends on the engine's stream and on i alone.
inline Images drawn(Index count, const nninit::Philox& rng) {
    Images images{16, std::string(static_cast<std::size_t>(count * 256), 0), {}};
    for (Index i = 0; i < count; ++i) {
        images.labels += static_cast<char>(i % 10);
        draw(static_cast<int>(i % 10), rng.stream(i), images.pixels.data() + i * 256);
    }
    return images;
}

/// The bytes of an IDX file, the format of MNIST, and the sizes of its axes.
template <std::size_t axes>
std::string idx(const std::string& path, std::array<Index, axes>& sizes) {
    std::string bytes = read_file(path);
    constexpr std::size_t header = 4 + 4 * axes;
    const auto number = [&](std::size_t at) {
        Index n = 0;
        for (std::size_t i = at; i < at + 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes[i]);
        return n;
    };
    if (bytes.size() < header || number(0) != 0x800 + static_cast<Index>(axes))
        fail(path, "is not an IDX file of bytes, of rank " + std::to_string(axes));
    double items = 1;
    for (std::size_t i = 0; i < axes; ++i)
        items *= static_cast<double>(sizes[i] = number(4 + 4 * i));
    if (static_cast<double>(bytes.size()) != header + items)
        fail(path, "has " + std::to_string(bytes.size()) +
                       " bytes, which its header contradicts; fetch it again");
    return bytes.substr(header);
}

/// A pair of MNIST's files: `part` is "train" or "t10k".
inline Images read_images(const std::string& directory, const std::string& part) {
    const std::string path = directory + '/' + part, labels = path + "-labels-idx1-ubyte";
    std::array<Index, 3> sizes{};
    std::array<Index, 1> count{};
    Images images{0, idx(path + "-images-idx3-ubyte", sizes), idx(labels, count)};
    images.side = sizes[1];
    if (sizes[1] != sizes[2] || sizes[1] < 11)
        fail(path + "-images-idx3-ubyte", "the images must be square, of 11 x 11 pixels or more");
    if (count[0] == 0 || count[0] != sizes[0])
        fail(labels,
             std::to_string(count[0]) + " labels for " + std::to_string(sizes[0]) + " images");
    for (const char label : images.labels)
        if (static_cast<unsigned char>(label) > 9) fail(labels, "a label is not within 0 and 9");
    return images;
}

} // namespace digits

#endif
