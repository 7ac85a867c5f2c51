# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes results as JSON, Markdown tables and charts, and puts the tables into
docs/performance.md between the markers of their parts."""

import json
import os
import re

from bar_chart import bar_chart


def number(value):
    if value is None:
        return ''
    if isinstance(value, int) or abs(value) >= 1000:
        return f'{value:,.0f}'.replace(',', ' ')
    return f'{value:.0f}' if abs(value) >= 100 else f'{value:.3g}'


def table(head, rows):
    lines = [head, ['---', *['--:'] * (len(head) - 1)], *rows]
    return '\n'.join(f'| {" | ".join(line)} |' for line in lines)


def unique(rows, *keys):
    """The distinct values of these keys, in order."""
    return list(dict.fromkeys(tuple(row[key] for key in keys) for row in rows))


def lookup(rows, value, **wanted):
    """This value of the row with the wanted ones; None if there is none."""
    for row in rows:
        if all(row[key] == content for key, content in wanted.items()):
            return row.get(value)
    return None


def pair(stock, ours):
    """Two values and their ratio."""
    if stock is None or ours is None:
        return ['', '', '']
    return [number(stock), number(ours), f'**{ours / stock:.2f}**']


def series(rows, name, group, value, groups, **wanted):
    return {label: [lookup(rows, value, **{name: label, group: key}, **wanted)
                    for key in groups] for label, in unique(rows, name)}


# Every part: its tables, and its charts by file name.

def payloader(rows):
    def columns(size, mtu, value):
        return pair(*(lookup(rows, value, size=size, mtu=mtu, element=element)
                      for element in ('rtpjpegpay', 'rfc2435pay')))

    cases = unique(rows, 'size', 'mtu')
    times, others = [], []
    for size, mtu in cases:
        name = [size, str(mtu), number(lookup(rows, 'packets', size=size,
                                              mtu=mtu, element='rfc2435pay'))]
        times.append([*name, *columns(size, mtu, 'cpu_us'),
                      *columns(size, mtu, 'cpu_us_packet')[:2]])
        growth = lookup(rows, 'growth_bytes', size=size, mtu=mtu,
                        element='rfc2435pay')
        others.append([*name, *columns(size, mtu, 'instructions'),
                       *columns(size, mtu, 'allocations'), number(growth)])
    head = ['size', 'MTU', 'packets']
    text = table([*head, 'rtpjpegpay, µs per frame', 'rfc2435pay', 'ratio',
                  'rtpjpegpay, µs per packet', 'rfc2435pay'], times)
    text += '\n\n' + table(
        [*head, 'rtpjpegpay, instructions per frame', 'rfc2435pay', 'ratio',
         'rtpjpegpay, allocations per frame', 'rfc2435pay', 'ratio',
         'rfc2435pay, growth in bytes'], others)

    charts = {}
    for file, title, key, other, fixed in (
            ('payloader-sizes', 'Payloader at MTU 1400', 'size', 'mtu', 1400),
            ('payloader-mtus', 'Payloader at 1920x1080', 'mtu', 'size',
             '1920x1080')):
        some = [row for row in rows if row[other] == fixed]
        groups = sorted(key for key, in unique(some, key)) \
            if key == 'mtu' else [key for key, in unique(some, key)]
        if len(groups) > 1:
            charts[file] = bar_chart(
                title, 'CPU time, µs per frame', [str(group) for group in groups],
                series(some, 'element', key, 'cpu_us', groups))
    return text, charts


def depayloader(rows):
    costs, memory = [], []
    for resilience, in unique(rows, 'resilience'):
        def both(value):
            return [lookup(rows, value, resilience=resilience, element=element)
                    for element in ('rtpjpegdepay', 'rfc2435depay')]

        name = [f'`error-resilience={resilience}`', number(both('packets')[0])]
        costs.append([*name, *pair(*both('cpu_us')),
                      *pair(*both('instructions'))])
        memory.append([*name, *(
            number(value / 1000) for value in (
                both('frame_bytes')[0], both('peak_bytes')[1],
                both('peak_lossy_bytes')[1])),
            *(number(both('healing_us')[1][key] / 1000)
              for key in ('median', 'worst'))])
    text = table(['sent with', 'packets', 'rtpjpegdepay, µs per frame',
                  'rfc2435depay', 'ratio',
                  'rtpjpegdepay, instructions per frame', 'rfc2435depay',
                  'ratio'], costs)
    text += '\n\n' + table(
        ['sent with', 'packets', 'frame, kB', 'most held, kB',
         'the same, healing each frame', 'to heal one, ms', 'at worst'], memory)
    return text, {}


def latency(rows):
    return table(
        ['payloader', 'median, µs', '99 of 100 within', 'longest', 'CPU time'],
        [[row['element'], *(number(row[key]) for key in (
            'median_us', 'p99_us', 'max_us', 'cpu_us'))] for row in rows]), {}


def sender(rows):
    receivers = [name for name, in unique(rows, 'receiver')]
    lines = []
    for name, in unique(rows, 'sender'):
        line = [name]
        for receiver in receivers:
            stock = lookup(rows, 'cpu_us', receiver=receiver,
                           sender=rows[0]['sender'])
            line += pair(stock, lookup(rows, 'cpu_us', receiver=receiver,
                                       sender=name))[1:]
        lines.append(line)
    head = ['µs per frame']
    for receiver in receivers:
        head += [receiver, 'ratio']
    return table(head, lines), {'sender': bar_chart(
        'Payloader and sink', 'CPU time, µs per frame', receivers,
        series(rows, 'sender', 'receiver', 'cpu_us', receivers))}


def flat_out(rows):
    return table(['program', 'CPU time, µs per frame', 'ratio'],
                 [[row['program'],
                   *pair(rows[0]['cpu_us'], row['cpu_us'])[1:]]
                  for row in rows]), {}


def process(rows):
    return table(['program', 'CPU time, s', '% of a core', 'peak RSS, MB'],
                 [[row['program'], *(number(row[key]) for key in (
                     'cpu_s', 'cpu_percent')), f'{row["peak_rss_mb"]:.1f}']
                  for row in rows]), {}


def streams(rows):
    counts = [count for count, in unique(rows, 'streams')]
    lines = []
    for name, in unique(rows, 'sender'):
        line = [name]
        for count in counts:
            line.append(number(lookup(rows, 'cpu_us', sender=name,
                                      streams=count)))
            line.append('{:.1f}'.format(lookup(rows, 'peak_rss_mb', sender=name,
                                               streams=count)))
        lines.append(line)
    head = ['sender']
    for count in counts:
        head += [f'{count}: µs per frame', 'MB']
    return table(head, lines), {'streams': bar_chart(
        'Live streams in one process', 'CPU time, µs per frame',
        [str(count) for count in counts],
        series(rows, 'sender', 'streams', 'cpu_us', counts))}


def delivery(rows):
    cases = unique(rows, 'source', 'streams')
    lines = []
    for name, in unique(rows, 'sender'):
        line = [name]
        for source, count in cases:
            wanted = {'sender': name, 'source': source, 'streams': count}
            delivered = lookup(rows, 'delivered', **wanted)
            line.append('' if delivered is None else
                        f'{delivered} of {lookup(rows, "sent", **wanted)}')
        lines.append(line)
    rows = [{**row, 'percent': 100 * row['delivered'] / row['sent'],
             'case': f'{row["source"]}, {row["streams"]}'} for row in rows]
    names = [name for name, in unique(rows, 'case')]
    return table(['sender', *names], lines), {'delivery': bar_chart(
        'Frames delivered, by source and number of streams', '%', names,
        series(rows, 'sender', 'case', 'percent', names))}


def recode(rows):
    names = {
        'tables': 'custom Huffman tables to the standard ones',
        'tables-changed': 'the same, with new tables in each frame',
        'tables-and-restart': 'the same as the first, and restart markers',
        'restart': 'restart markers put in',
        'check': 'every code checked',
    }
    qualities = [quality for quality, in unique(rows, 'quality')]
    times, counts = [], []
    for size, case in unique(rows, 'size', 'case'):
        some = [next(row for row in rows if row['size'] == size and
                     row['case'] == case and row['quality'] == quality)
                for quality in qualities]
        line = [size, names[case]]
        times.append(line + [
            text for row in some
            for text in (number(1000 * row['ours_ms']),
                         f'**{row["ours_ms"] / row["jpegtran_ms"]:.2f}**')])
        if all('ours_instructions' in row for row in some):
            counts.append(line + [
                text for row in some
                for text in (number(row['ours_instructions'] / 1e6),
                             '**{:.3f}**'.format(row['ours_instructions'] /
                                                 row['jpegtran_instructions']))
            ])

    def head(unit):
        return ['size', 'what is done', *(
            text for quality in qualities
            for text in (f'quality {quality}, {unit}', 'to jpegtran'))]

    text = table(head('µs'), times)
    if counts:
        text += '\n\n' + table(head('million instructions'), counts)
    text += '\n\n' + table(
        ['size', 'quality', 'MCUs between markers', 'bytes per MCU',
         'scan, kB', 'more with markers'],
        [[row['size'], str(row['quality']), str(row['restart_interval']),
          number(row['scan'] / mcus(row['size'])), number(row['scan'] / 1000),
          f'{100 * (row["written"] / row["scan"] - 1):.1f} %']
         for row in rows if row['case'] == 'restart'])
    return text, {}


def mcus(size):
    """The number of MCUs of a 4:2:0 picture."""
    width, height = (int(length) for length in size.split('x'))
    return -(-width // 16) * -(-height // 16)


def bitrate(rows):
    def of_kind(kind):
        return [row for row in rows if row['kind'] == kind]

    def mean(values):
        return sum(values) / len(values)

    lines = []
    quality = of_kind('quality')
    for sampling, source, size in unique(
            quality, 'sampling', 'quality', 'size'):
        some = [row for row in quality if row['sampling'] == sampling and
                row['quality'] == source and row['size'] == size]
        line = [':'.join(sampling), str(source),
                f'-{100 - round(size * 100)} %', str(len(some))]
        for key, digits in ('y_source', 2), ('y', 2), ('u', 2), ('v', 2), \
                ('ssim', 4):
            gains = [row['ours'][key] - row['reencoded'][key] for row in some]
            line.append(f'{mean(gains):+.{digits}f} ({min(gains):+.{digits}f})')
        lines.append(line)
    text = table(['', 'source', 'size', 'pictures', 'Y to source, dB',
                  'Y to original, dB', 'U', 'V', 'SSIM of Y'], lines)

    lines = []
    for source, in unique(of_kind('time'), 'quality'):
        some = [row for row in of_kind('time') if row['quality'] == source]
        lines.append([str(source), *(
            f'{mean([row["requantize_ms"] / row[other] for row in some]):.2f}'
            for other in ('jpegtran_ms', 'reencode_ms'))])
    text += '\n\n' + table(
        ['source', 'CPU time: to jpegtran', 'to decode + encode'], lines)

    lines = [[row['picture'], number(row['rfc2435pay_ms']),
              number(row['jpegenc_ms']),
              f'**{row["rfc2435pay_ms"] / row["jpegenc_ms"]:.2f}**']
             for row in of_kind('elements')]
    text += '\n\n' + table(
        ['quality 90, 4:2:0, CPU time in ms', 'rfc2435pay max-bitrate',
         'jpegdec ! jpegenc', 'ratio'], lines)

    lines = [[row['picture'], *(number(row[way] / 1e6) for way in (
        'jpegtran', 'requantize', 'reencode')),
        f'**{row["requantize"] / row["reencode"]:.2f}**']
        for row in of_kind('instructions')]
    if lines:
        text += '\n\n' + table(
            ['instructions, millions', 'jpegtran', 'requantized',
             'decode + encode', 'ratio'], lines)

    lines = [[f'{row["percent"]} %', str(row['limited']), str(row['dropped']),
              f'{100 * row["deviation"]:.2f} %', f'{row["worst"]:.3f}',
              f'{row["window_most"]:.4f}', str(row['table_changes'])]
             for row in of_kind('sequence')]
    text += '\n\n' + table(
        ['ceiling', 'frames limited', 'dropped', 'mean deviation',
         'worst frame', 'worst second', 'table changes'], lines)
    return text, {}


PARTS = {'payloader': payloader, 'depayloader': depayloader,
         'latency': latency, 'sender': sender,
         'flat-out': flat_out, 'process': process, 'memory': process,
         'streams': streams, 'delivery': delivery, 'recode': recode,
         'bitrate': bitrate}


def machine_text(machine):
    kind = 'virtual machine, ' if machine['virtual'] else ''
    text = (f'{machine["system"]}, Linux {machine["kernel"]}, {kind}'
            f'{machine["cpu"]}, {machine["cores"]} cores, '
            f'GStreamer {machine["gstreamer"]}')
    if machine['ffmpeg']:
        text += f', FFmpeg {machine["ffmpeg"]}'
    return (f'{text}, {machine["compiler"]}, `-Dbuildtype=release`. Default '
            f'socket buffer: {machine["rmem_default"]} bytes.')


def part_text(name, content, charts, results):
    machine = results['machine']
    command = ['tools/bench', name]
    if results['quick']:
        command.insert(1, '--quick')
    # On a machine that does other work as well, the priority matters.
    if machine['nice']:
        command = ['nice', '-n', str(machine['nice']), *command]
    images = ''.join(f'\n\n![{chart}](performance-{chart}.svg)'
                     for chart in charts)
    return (f'{content}{images}\n\n`{" ".join(command)}`, {machine["date"]}, '
            f'load average before it {machine["load"]:.1f}.')


def write(results, build, docs):
    texts, charts = {'machine': machine_text(results['machine'])}, {}
    for name, rows in results['parts'].items():
        content, part_charts = PARTS[name](rows)
        texts[name] = part_text(name, content, part_charts, results)
        charts.update(part_charts)

    with open(os.path.join(build, 'results.json'), 'w') as file:
        json.dump(results, file, indent=1, ensure_ascii=False)
        file.write('\n')
    markdown = ''.join(f'## {name}\n\n{text}\n\n'
                       for name, text in texts.items())
    with open(os.path.join(build, 'results.md'), 'w') as file:
        file.write(markdown)
    print(markdown, end='')
    for folder in filter(None, (build, docs)):
        for name, svg in charts.items():
            path = os.path.join(folder, f'performance-{name}.svg')
            with open(path, 'w') as file:
                file.write(svg)
    if docs:
        bitrate_text = texts.pop('bitrate', None)
        update(os.path.join(docs, 'performance.md'), texts)
        if bitrate_text:
            update(os.path.join(docs, 'bitrate.md'),
                   {'machine': texts['machine'], 'bitrate': bitrate_text})


def update(path, texts):
    """Replaces what is between the markers of each part."""
    with open(path) as file:
        page = file.read()
    for name, text in texts.items():
        marked = re.compile(f'(<!-- bench {name} -->\n).*?'
                            f'(<!-- end {name} -->)', re.DOTALL)
        page, count = marked.subn(
            lambda found, text=text: f'{found[1]}{text}\n{found[2]}', page)
        if count != 1:
            raise RuntimeError(f'{path}: {count} places for {name}')
    with open(path, 'w') as file:
        file.write(page)
