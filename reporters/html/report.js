/* What the page does when scripts run: choose an SA, fold, filter, zoom, show payloads and log lines. Text is only ever set
 * as text; the panels of SAs are markup that the program wrote and escaped. */
(function () {
  'use strict';

  var state = { sa: 0, step: null, zoom: 1, tab: 'Ladder', folds: {}, hide: {} };
  var parsed = {};

  function id(name) { return document.getElementById(name); }
  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function el(tag, props) {
    var e = document.createElement(tag);
    Object.keys(props || {}).forEach(function (k) {
      if (k === 'text') e.textContent = props[k];
      else if (k === 'on') Object.keys(props.on).forEach(function (n) { e.addEventListener(n, props.on[n]); });
      else e.setAttribute(k, props[k]);
    });
    for (var i = 2; i < arguments.length; i++) if (arguments[i]) e.appendChild(arguments[i]);
    return e;
  }

  function data(name) {
    if (!(name in parsed)) {
      var block = id(name);
      parsed[name] = block ? JSON.parse(block.textContent) : null;
    }
    return parsed[name];
  }

  function field(label, control) { return el('label', {}, el('span', { text: label }), control); }

  function search(name, label, change) {
    return field(label, el('input', { type: 'search', id: name, autocomplete: 'off', spellcheck: 'false', on: { input: change } }));
  }

  function choice(name, label, options, change) {
    var select = el('select', { id: name, on: { change: change } });
    options.forEach(function (o) { select.appendChild(el('option', { value: o[0], text: o[1] })); });
    return field(label, select);
  }

  /* Of a group only one is reached with Tab; the arrow keys go on from there. */
  function rove(group, at) {
    group.forEach(function (e) { e.setAttribute('tabindex', e === at ? '0' : '-1'); });
  }

  function neighbourKey(e, from, group, back, on) {
    var at = group.indexOf(from), to = e.key === back ? at - 1 : e.key === on ? at + 1 : e.key === 'Home' ? 0 : e.key === 'End' ? group.length - 1 : -1;
    if (at < 0 || !group[to]) return null;
    e.preventDefault();
    from.setAttribute('tabindex', '-1');
    group[to].setAttribute('tabindex', '0');
    group[to].focus();
    return group[to];
  }

  /* ---- the list of SAs ---- */

  var stop = null, chosen = null; /* of the list: the button that Tab reaches, the row that is shown */

  function saButton(r) { return r.cells[0].firstChild; }

  function saKey(e) {
    var shown = saRows().filter(function (r) { return !r.hidden; }).map(saButton);
    stop = neighbourKey(e, e.target, shown, 'ArrowUp', 'ArrowDown') || stop;
  }

  /* Thousands of rows: only those that change are touched. */
  function markSa() {
    var rows = saRows(), now = rows.find(function (r) { return +r.dataset.sa === state.sa; });
    if (chosen) { chosen.className = ''; chosen.removeAttribute('aria-current'); }
    if (stop) stop.setAttribute('tabindex', '-1');
    if (now) { now.className = 'chosen'; now.setAttribute('aria-current', 'true'); }
    chosen = now;
    var first = now && !now.hidden ? now : rows.find(function (r) { return !r.hidden; });
    stop = first ? saButton(first) : null;
    if (stop) stop.setAttribute('tabindex', '0');
  }
  function saRows() { return all(id('sa-table'), 'tbody tr'); }

  function filterSas() {
    var text = id('sa-text').value.toLowerCase(), least = +id('sa-severity').value, outcome = id('sa-outcome').value, peer = id('sa-peer').value;
    var shown = 0, rows = saRows();
    rows.forEach(function (r) {
      if (text && !('words' in r)) r.words = r.textContent.toLowerCase();
      var fits = (!text || r.words.indexOf(text) >= 0) && +r.dataset.severity >= least &&
                 (!outcome || r.dataset.outcome === outcome) && (!peer || r.cells[3].textContent === peer);
      if (r.hidden === fits) r.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    markSa();
    id('sa-count').textContent = shown + ' of ' + rows.length + ' SAs';
  }

  function setupList() {
    if (!id('sa-table')) return;
    var peers = {}, outcomes = {};
    saRows().forEach(function (r) {
      peers[r.cells[3].textContent] = 1;
      outcomes[r.dataset.outcome] = 1;
      r.addEventListener('click', function () { choose(+r.dataset.sa); });
      if (r.className === 'chosen') state.sa = +r.dataset.sa;
    });
    id('sa-table').addEventListener('keydown', saKey);
    var bar = id('sa-filters');
    bar.hidden = false;
    bar.appendChild(search('sa-text', 'Find', filterSas));
    bar.appendChild(choice('sa-peer', 'Peers', [['', 'all']].concat(Object.keys(peers).map(function (p) { return [p, p]; })), filterSas));
    bar.appendChild(choice('sa-outcome', 'Outcome', [['', 'all']].concat(Object.keys(outcomes).map(function (o) { return [o, o]; })), filterSas));
    bar.appendChild(choice('sa-severity', 'Findings', [['0', 'all'], ['1', 'notes'], ['2', 'warnings'], ['3', 'errors']], filterSas));
    bar.appendChild(el('output', { id: 'sa-count' }));
    filterSas();
  }

  function choose(n) {
    var panel = id('panel-' + n);
    if (n !== state.sa) {
      if (panel) {
        id('panel').innerHTML = panel.textContent;
      } else {
        id('panel').textContent = '';
        id('panel').appendChild(el('p', { text: 'ike' + n + ' is not drawn in this report; write one with --sa ike' + n + '.' }));
      }
      state.sa = n;
      state.step = null;
      state.folds = {};
      setupPanel();
    }
    markSa();
    id('sa').scrollIntoView({ block: 'start' });
    filterEvents();
  }

  function neighbour(by) {
    var rows = saRows().filter(function (r) { return !r.hidden; });
    var at = rows.findIndex(function (r) { return +r.dataset.sa === state.sa; });
    var row = rows[at + by];
    if (row) choose(+row.dataset.sa);
  }

  /* ---- the panel of an SA ---- */

  function ladder() { return id('panel').querySelector('.ladder svg'); }

  function tabButtons() { return all(id('sa-tools'), '[role=tab]'); }

  function tabKey(e) {
    var to = neighbourKey(e, e.target, tabButtons(), 'ArrowLeft', 'ArrowRight');
    if (to) showTab(to.textContent);
  }

  function showTab(name) {
    state.tab = name;
    id('sa-tools').className = name === 'Ladder' ? 'filters' : 'filters other';
    all(id('panel'), '.tab').forEach(function (t) { t.classList.toggle('off', t.dataset.tab !== name); });
    tabButtons().forEach(function (b) {
      b.setAttribute('aria-selected', String(b.textContent === name));
      b.setAttribute('tabindex', b.textContent === name ? '0' : '-1');
    });
  }

  /* Puts the rows that are to be seen below each other. */
  function restack() {
    var svg = ladder();
    if (!svg) return;
    var y = null, text = id('step-text').value.toLowerCase(), side = id('step-side').value, least = +id('step-severity').value;
    all(svg, 'g.row').forEach(function (g) {
      if (y === null) y = +/translate\(0,(\d+)\)/.exec(g.getAttribute('transform'))[1];
      var message = g.classList.contains('message'), notice = g.classList.contains('notice');
      var shown = !g.dataset.in || state.folds[g.dataset.in];
      if (message || notice) {
        shown = shown && (!text || g.textContent.toLowerCase().indexOf(text) >= 0) && (!side || g.dataset.side === side) && +g.dataset.severity >= least;
        shown = shown && !(notice && state.hide.notes);
      }
      if (g.classList.contains('pause') && state.hide.pauses) shown = false;
      if (shown) {
        g.removeAttribute('display');
        g.setAttribute('transform', 'translate(0,' + y + ')');
        y += +g.dataset.h;
      } else {
        g.setAttribute('display', 'none');
      }
    });
    var box = svg.viewBox.baseVal;
    svg.setAttribute('viewBox', '0 0 ' + box.width + ' ' + ((y || 0) + 8));
    svg.classList.toggle('zoomed', state.zoom !== 1);
    svg.setAttribute('width', Math.round(box.width * state.zoom));
    svg.setAttribute('height', Math.round(((y || 0) + 8) * state.zoom));
  }

  function zoom(by) {
    state.zoom = by ? Math.min(4, Math.max(0.4, state.zoom * by)) : 1;
    restack();
  }

  function toggle(label, name, change) {
    var box = el('input', { type: 'checkbox', id: 'show-' + name, on: { change: function () { change(box.checked); restack(); } } });
    box.checked = true;
    return field(label, box);
  }

  function steps() {
    return ladder() ? all(ladder(), 'g.row').filter(function (g) { return (g.dataset.step || g.dataset.fold) && g.getAttribute('display') !== 'none'; }) : [];
  }

  function rowButtons() { return steps().filter(function (g) { return g.getAttribute('role') === 'button'; }); }

  /* stay: the keys go on in the ladder, and so does the focus */
  function pick(g, stay) {
    all(id('panel'), 'g.picked').forEach(function (o) { o.classList.remove('picked'); });
    g.classList.add('picked');
    state.step = g;
    if (g.dataset.fold) {
      state.folds[g.dataset.fold] = !state.folds[g.dataset.fold];
      g.setAttribute('aria-expanded', String(state.folds[g.dataset.fold]));
      restack();
      return;
    }
    showStep(+g.dataset.step, g.dataset.place, stay);
  }

  function move(by) {
    var rows = steps(), at = rows.indexOf(state.step), next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
    if (!next) return;
    if (state.tab !== 'Ladder') showTab('Ladder');
    if (next.dataset.fold) {
      all(id('panel'), 'g.picked').forEach(function (o) { o.classList.remove('picked'); });
      next.classList.add('picked');
      state.step = next;
    } else {
      pick(next, true);
    }
    if (next.hasAttribute('tabindex')) {
      rove(all(id('panel'), 'g.row[tabindex]'), next);
      next.focus({ preventScroll: true });
    }
    next.scrollIntoView({ block: 'center' });
  }

  function setupPanel() {
    var tools = id('sa-tools');
    tools.hidden = false;
    tools.textContent = '';
    var tabs = el('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Views of this SA' });
    all(id('panel'), '.tab').forEach(function (t, i) {
      t.id = 'tab-' + i;
      t.setAttribute('role', 'tabpanel');
      t.setAttribute('aria-label', t.dataset.tab);
      tabs.appendChild(el('button', { type: 'button', role: 'tab', 'aria-controls': t.id, text: t.dataset.tab,
                                      on: { click: function () { showTab(t.dataset.tab); }, keydown: tabKey } }));
    });
    tools.appendChild(tabs);
    tools.appendChild(search('step-text', 'Find', restack));
    tools.appendChild(choice('step-side', 'From', [['', 'both'], ['1', 'initiator'], ['2', 'responder']], restack));
    tools.appendChild(choice('step-severity', 'Severity', [['0', 'all'], ['1', 'notes'], ['2', 'warnings'], ['3', 'errors']], restack));
    tools.appendChild(toggle('notes', 'notes', function (on) { state.hide.notes = !on; }));
    tools.appendChild(toggle('pauses', 'pauses', function (on) { state.hide.pauses = !on; }));
    var box = el('input', { type: 'checkbox', id: 'show-checks', on: { change: function () {
      all(id('panel'), 'g.folded').forEach(function (g) { state.folds[g.dataset.fold] = box.checked; g.setAttribute('aria-expanded', String(box.checked)); });
      restack();
    } } });
    if (id('panel').querySelector('g.folded')) tools.appendChild(field('liveness checks', box));
    [['\u2212', 1 / 1.25, 'smaller'], ['1:1', 0, 'as it was'], ['+', 1.25, 'larger']].forEach(function (z) {
      tools.appendChild(el('button', { type: 'button', class: 'zoom', text: z[0], 'aria-label': z[2], on: { click: function () { zoom(z[1]); } } }));
    });
    all(id('panel'), 'g.row[data-step], g.row[data-fold]').forEach(function (g) {
      g.addEventListener('click', function () { pick(g); });
      g.addEventListener('keydown', function (e) {
        if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); pick(g); } else { neighbourKey(e, g, rowButtons(), 'ArrowUp', 'ArrowDown'); }
      });
    });
    rove(all(id('panel'), 'g.row[tabindex]'), rowButtons()[0]);
    state.hide = {};
    showTab(all(id('panel'), '.tab').some(function (t) { return t.dataset.tab === state.tab; }) ? state.tab : 'Ladder');
    restack();
  }

  /* ---- details ---- */

  var opener = null;

  function close() {
    if (id('detail').hidden) return;
    id('detail').hidden = true;
    document.body.classList.remove('with-detail');
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  function open(title, stay) {
    var box = id('detail');
    if (!box.contains(document.activeElement)) opener = document.activeElement;
    box.textContent = '';
    box.hidden = false;
    document.body.classList.add('with-detail');
    box.appendChild(el('button', { type: 'button', class: 'close', text: 'close (Esc)', on: { click: close } }));
    box.appendChild(el('h3', { text: title }));
    box.setAttribute('aria-label', title);
    if (!stay) box.focus({ preventScroll: true });
    return box;
  }

  function words(name) { return name.replace(/_/g, ' '); }

  /* A tree of facts: groups and lists unfold, values stand as text. */
  function tree(value, name) {
    if (value === null || typeof value !== 'object')
      return el('div', { class: 'leaf' }, name ? el('span', { class: 'name', text: words(name) }) : null, el('span', { class: 'value', text: String(value) }));
    var list = Array.isArray(value), keys = Object.keys(value);
    if (list && keys.every(function (k) { return typeof value[k] !== 'object'; }))
      return tree(value.join(', '), name);
    var label = name ? words(name) : '';
    if (!list && (value.type || value.notify || value.attribute)) label = [value.type, value.notify, value.attribute, value.name].filter(Boolean).join(' ');
    var inside = el('div', { class: 'branch' });
    keys.forEach(function (k) { if (list || k !== 'type' || !label) inside.appendChild(tree(value[k], list ? '' : k)); });
    if (!label && list) return inside;
    var d = el('details', {}, el('summary', { text: label || 'group' }), inside);
    d.open = keys.length < 30;
    return d;
  }

  function showStep(n, place, stay) {
    var block = data('sa-' + state.sa), step = block && block.steps[n];
    if (!step) return;
    var box = open(step.exchange ? step.exchange + ' ' + step.part : step.note ? 'Note' : 'Step', stay);
    var plain = {};
    Object.keys(step).forEach(function (k) { if (k !== 'payloads' && k !== 'exchange' && k !== 'part' && k !== 'sources') plain[k] = step[k]; });
    Object.keys(plain).forEach(function (k) { box.appendChild(tree(plain[k], k)); });
    if (step.payloads) {
      box.appendChild(el('h4', { text: 'Payloads' }));
      if (!step.payloads.length) box.appendChild(el('div', { text: 'none: an empty message' }));
      step.payloads.forEach(function (p) { box.appendChild(tree(p, p.type)); });
    }
    if (step.sources) {
      box.appendChild(el('h4', { text: 'Seen in' }));
      step.sources.forEach(function (s) {
        var at = s.line || s.packet, input = +String(s.input).replace('in', '') - 1;
        box.appendChild(el('div', {}, placeButton(input, at, !s.line), el('span', { text: ' ' + (s.direction || '') + (s.retransmission ? ', again' : '') })));
      });
    } else if (place) {
      context(box, place);
    }
  }

  function placeName(input, at, packet) {
    var events = data('events-data');
    return (events.inputs[input] || 'in' + (input + 1)) + (packet ? '#' : ':') + at;
  }

  function placeButton(input, at, packet) {
    return el('button', { type: 'button', class: 'place', 'data-place': input + ':' + at, text: placeName(input, at, packet) });
  }

  function contextLine(at, text, here, severity) {
    return el('li', { class: (here ? 'here ' : '') + (severity === 3 ? 'error' : severity === 2 ? 'warning' : '') },
              el('span', { class: 'number', text: String(at) }), el('code', { text: text }));
  }

  /* The line with those around it: of a configuration or show output as printed, of a log its entries. */
  function context(box, place) {
    var parts = place.split(':'), input = +parts[0], at = +parts[1], list = el('ol', { class: 'context' }), here = null, packet = false;
    var record = (data('records-data') || []).find(function (r) { return r.input === input && at >= r.first && at <= r.last && r.lines.length; });
    if (record) {
      record.lines.forEach(function (l) {
        var li = contextLine(l[0], l[1], l[0] === at, 0);
        if (l[0] === at) here = li;
        list.appendChild(li);
      });
    } else {
      var rows = data('events-data').rows, own = [], index = 0;
      rows.forEach(function (r) { if (r[2] === input) own.push(r); });
      own.forEach(function (r, i) { if (r[3] <= at) index = i; });
      packet = own.length > 0 && own[0][4] === 1;
      own.slice(Math.max(0, index - 15), index + 16).forEach(function (r) {
        var li = contextLine(r[3], r[8], r === own[index], r[6]);
        if (r === own[index]) here = li;
        list.appendChild(li);
      });
    }
    box.appendChild(el('h4', { text: placeName(input, at, packet) }));
    box.appendChild(list);
    if (!record && id('events')) box.appendChild(el('button', { type: 'button', text: 'show among all events', on: { click: function () { reveal(input, at); } } }));
    if (here) here.scrollIntoView({ block: 'nearest' });
  }

  function showPlace(place) {
    context(open('In its context'), place);
  }

  /* ---- events: only the rows in sight are in the page ---- */

  var ROW = 22, shownEvents = [], marked = -1;

  function filterEvents() {
    if (!id('event-text')) return;
    var text = id('event-text').value.toLowerCase(), least = +id('event-severity').value, kind = id('event-kind').value, input = id('event-input').value;
    var own = id('event-sa').checked;
    var rows = data('events-data').rows;
    shownEvents = [];
    for (var i = 0; i < rows.length; i++) {
      var r = rows[i];
      if (r[6] < least || (kind !== '' && r[5] !== +kind) || (input !== '' && r[2] !== +input) || (own && r[7] !== state.sa)) continue;
      if (text && r[8].toLowerCase().indexOf(text) < 0) continue;
      shownEvents.push(r);
    }
    id('event-count').textContent = shownEvents.length + ' of ' + rows.length + ' events';
    id('event-table').setAttribute('aria-rowcount', shownEvents.length + 1);
    id('event-scroll').style.height = rows.length < 20 ? (rows.length + 2) * ROW + 'px' : '';
    drawEvents();
  }

  /* The SPIs that stand before a state are in the column of the SA already; the whole line is in the tooltip. */
  function shorter(text) {
    var at = text.indexOf('CurState:');
    return at > 0 ? '\u2026 ' + text.slice(at) : text;
  }

  function drawEvents() {
    var scroll = id('event-scroll'), first = Math.max(0, Math.floor(scroll.scrollTop / ROW) - 10), events = data('events-data');
    var body = id('event-table').tBodies[0], seen = shownEvents.slice(first, first + Math.ceil(scroll.clientHeight / ROW) + 20);
    var focused = body.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    body.textContent = '';
    body.appendChild(pad(first));
    seen.forEach(function (r, i) {
      var row = el('tr', { 'aria-rowindex': first + i + 2, class: (r[6] === 3 ? 'error' : r[6] === 2 ? 'warning' : '') + (r === marked ? ' here' : ''), 'data-place': r[2] + ':' + r[3], title: r[8] },
        el('td', { text: r[0] === '' ? '' : Number(r[0]).toFixed(3) }), el('td', { text: events.inputs[r[2]] || '' }), el('td', {}, el('button', { type: 'button', class: 'place', 'data-place': r[2] + ':' + r[3], text: (r[4] ? '#' : '') + r[3] })),
        el('td', { text: events.kinds[r[5]] || '' }),
        el('td', { text: ['', '\u25cf', '\u25b2', '\u2716'][r[6]] || '' }), el('td', { text: r[7] ? 'ike' + r[7] : '' }), el('td', { text: shorter(r[8]) }));
      body.appendChild(row);
    });
    body.appendChild(pad(shownEvents.length - first - seen.length));
    if (focused) all(body, 'button').forEach(function (b) { if (b.dataset.place === focused) b.focus({ preventScroll: true }); });
  }

  /* Room for the rows that are not in the page. */
  function pad(count) {
    var row = el('tr', { class: 'pad', 'aria-hidden': 'true' }, el('td', { colspan: '7' }));
    row.firstChild.style.height = Math.max(0, count) * ROW + 'px';
    return row;
  }

  function setupEvents() {
    if (id('event-text')) return;
    var events = data('events-data'), bar = id('event-filters'), kinds = [['', 'all']], inputs = [['', 'all']], used = {};
    events.rows.forEach(function (r) { used[r[5]] = 1; });
    events.kinds.forEach(function (k, i) { if (used[i]) kinds.push([String(i), k]); });
    events.inputs.forEach(function (n, i) { inputs.push([String(i), n]); });
    bar.appendChild(search('event-text', 'Find', filterEvents));
    bar.appendChild(choice('event-input', 'Input', inputs, filterEvents));
    bar.appendChild(choice('event-kind', 'Kind', kinds, filterEvents));
    bar.appendChild(choice('event-severity', 'Severity', [['0', 'all'], ['1', 'notes'], ['2', 'warnings'], ['3', 'errors']], filterEvents));
    bar.appendChild(field('only this SA', el('input', { type: 'checkbox', id: 'event-sa', on: { change: filterEvents } })));
    bar.appendChild(el('output', { id: 'event-count' }));
    if (events.total > events.rows.length) bar.appendChild(el('span', { text: (events.total - events.rows.length) + ' more events are not in this page' }));
    var waiting = false;
    id('event-scroll').addEventListener('scroll', function () {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(function () { waiting = false; drawEvents(); });
    });
    filterEvents();
  }

  function reveal(input, at) {
    setupEvents();
    id('event-text').value = '';
    ['event-kind', 'event-input'].forEach(function (n) { id(n).value = ''; });
    id('event-severity').value = '0';
    id('event-sa').checked = false;
    filterEvents();
    var index = 0;
    shownEvents.forEach(function (r, i) { if (r[2] === input && r[3] <= at) index = i; });
    marked = shownEvents[index];
    id('events').scrollIntoView({ block: 'start' });
    id('event-scroll').scrollTop = Math.max(0, index - 6) * ROW;
    drawEvents();
  }

  /* ---- keys ---- */

  function help() {
    open('Keys').appendChild(id('keys').querySelector('dl').cloneNode(true));
  }

  function key(e) {
    var tag = e.target.tagName, typing = tag === 'INPUT' || tag === 'SELECT' || tag === 'TEXTAREA';
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === 'Escape') {
      if (typing && e.target.type === 'search') { e.target.value = ''; e.target.dispatchEvent(new Event('input')); }
      if (typing) e.target.blur(); else close();
      return;
    }
    if (typing) return;
    var tabs = tabButtons();
    if (e.key === '/') { e.preventDefault(); var find = id('step-text') || id('sa-text'); if (find) find.focus(); }
    else if (e.key === 'j') move(1);
    else if (e.key === 'k') move(-1);
    else if (e.key === ']') neighbour(1);
    else if (e.key === '[') neighbour(-1);
    else if (e.key === '+') zoom(1.25);
    else if (e.key === '-') zoom(1 / 1.25);
    else if (e.key === '0') zoom(0);
    else if (e.key === 'e') { if (id('events')) id('events').scrollIntoView({ block: 'start' }); }
    else if (e.key === '?') help();
    else if (/^[1-4]$/.test(e.key) && tabs[+e.key - 1]) showTab(tabs[+e.key - 1].textContent);
  }

  document.addEventListener('keydown', key);
  document.addEventListener('click', function (e) {
    var place = e.target.closest && e.target.closest('[data-place]'), link = e.target.closest && e.target.closest('a[data-sa], g.bar');
    var finding = e.target.closest && e.target.closest('a[href^="#f"]');
    if (link) { e.preventDefault(); choose(+link.dataset.sa); }
    else if (finding) unfold(finding.getAttribute('href').slice(1));
    else if (place && !place.classList.contains('row')) showPlace(place.dataset.place);
  });
  /* A link to what is folded opens it, and what it is folded into. */
  function unfold(name) {
    for (var e = id(name); e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
  }
  window.addEventListener('hashchange', function () { unfold(location.hash.slice(1)); });

  /* A ladder longer than a sheet would be cut through its rows: for that while it is several drawings, each with its head. */
  var SHEET = 1.25, BELOW_HEADING = 1.05, sheets = [], whole = null; /* heights, in widths of the drawing */
  function showPart(svg, box, from, to) { svg.setAttribute('viewBox', '0 ' + from + ' ' + box.width + ' ' + (to - from)); svg.removeAttribute('width'); svg.removeAttribute('height'); }
  function cutToSheets() {
    var svg = ladder();
    if (!svg || svg.viewBox.baseVal.height <= BELOW_HEADING * svg.viewBox.baseVal.width) return;
    var box = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height }, head = svg.querySelector('g.row.head');
    var rows = all(svg, 'g.row').filter(function (g) { return !g.hasAttribute('display'); });
    whole = { svg: svg, box: svg.getAttribute('viewBox'), width: svg.getAttribute('width'), height: svg.getAttribute('height') };
    var sheet = svg, from = 0, most = BELOW_HEADING, last = svg;
    rows.forEach(function (g) {
      var y = +/translate\(0,(\d+)\)/.exec(g.getAttribute('transform'))[1], end = y + +g.dataset.h;
      if (end - from > most * box.width && y > from) {
        showPart(sheet, box, from, y);
        sheet = svg.cloneNode(false);
        last.after(sheet);
        sheets.push(sheet);
        last = sheet;
        from = y;
        most = SHEET;
        if (head && !g.classList.contains('head')) {
          var again = head.cloneNode(true);
          from -= +head.dataset.h;
          again.setAttribute('transform', 'translate(0,' + from + ')');
          sheet.appendChild(again);
        }
      }
      if (sheet !== svg) sheet.appendChild(g.cloneNode(true));
    });
    showPart(sheet, box, from, box.height);
  }
  function makeWhole() {
    sheets.forEach(function (s) { s.remove(); });
    sheets = [];
    if (!whole) return;
    whole.svg.setAttribute('viewBox', whole.box);
    if (whole.width) whole.svg.setAttribute('width', whole.width);
    if (whole.height) whole.svg.setAttribute('height', whole.height);
    whole = null;
  }

  /* On paper nothing can be unfolded: it is opened for that while. Configurations of hundreds of pages stay away. */
  var PAPER = 60000, opened = [];
  window.addEventListener('beforeprint', function () {
    opened = all(document, 'details:not([open])').filter(function (d) { return d.id !== 'keys' && !(d.closest('#inputs') && id('inputs').textContent.length > PAPER); });
    opened.forEach(function (d) { d.open = true; });
    cutToSheets();
  });
  window.addEventListener('afterprint', function () {
    makeWhole();
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });
  document.documentElement.className = 'scripted';
  setupList();
  if (id('panel').children.length) setupPanel();
  unfold(location.hash.slice(1));
  if (id('events')) {
    id('events').hidden = false;
    new IntersectionObserver(function (seen, self) {
      if (seen.some(function (s) { return s.isIntersecting; })) { self.disconnect(); setupEvents(); }
    }).observe(id('events'));
  }
}());
